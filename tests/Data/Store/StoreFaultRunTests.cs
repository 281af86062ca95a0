using System.Globalization;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

/// <summary>Many operations of which a fifth of the requests go wrong in ways that are chosen by a seed.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class StoreFaultRunTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private const double Share = .2;

    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly StoreFault[] Faults =
    [
        StoreFault.Reset, StoreFault.Broken, StoreFault.Busy, StoreFault.LostAnswer, StoreFault.CutAnswer, StoreFault.ShortAnswer, StoreFault.ChangedRequest,
    ];

    private readonly FaultyProxy _proxy = azurite.StartProxy();
    private readonly string _container = azurite.NextContainer();

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_operation_does_what_it_would_have_done_without_faults_or_fails_clearly(int seed)
    {
        _proxy.Script = FaultScript.Randomly(seed, Share, Faults);
        var store = ArtifactStores.Open($"blob:{_container}", _proxy.ConnectionString, StoreFaultTests.Soon);
        var calm = ArtifactStores.Open($"blob:{_container}", azurite.ConnectionString);
        var expected = new Dictionary<string, Artifact>();
        var random = new Random(seed);
        for (var step = 0; step < 150; step++)
        {
            var name = $"run-{seed}/{random.Next(4)}";
            var present = expected.GetValueOrDefault(name);
            var content = new byte[step % 25 == 0 ? 5 << 20 : random.Next(1, 2000)];
            random.NextBytes(content);
            try
            {
                switch (random.Next(6))
                {
                    case 0:
                        Assert.Equal(present?.Content, (await store.ReadAsync(name, None))?.Content);
                        break;
                    case 1 when present is not null:
                        var range = new byte[present.Content.Length / 2];
                        await store.ReadRangeAsync(name, range.Length / 2, range, None);
                        Assert.Equal(present.Content[(range.Length / 2)..(range.Length / 2 + range.Length)], range);
                        break;
                    case 2:
                        await store.DeleteAsync(name, None);
                        expected.Remove(name);
                        break;
                    case 3:
                        var names = new List<string>();
                        await foreach (var found in store.ListAsync($"run-{seed}/", None)) names.Add(found);
                        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), names);
                        break;
                    default:
                        var condition = random.Next(3) == 0 ? WriteCondition.Always : present is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(present.ETag);
                        var etag = await store.WriteAsync(name, (stream, ct) => stream.WriteAsync(content, ct).AsTask(), condition, None);
                        expected[name] = new Artifact(content, etag);
                        break;
                }
            }
            catch (StoreException error) when (error.GetType() == typeof(StoreException))
            {
                // Too many faults in a row. Whatever was being written or deleted was so wholly or not at all.
                var now = await calm.ReadAsync(name, None);
                Assert.True(now is null || now.Content.SequenceEqual(content) || now.Content.SequenceEqual(present?.Content ?? []), $"step {step}: {error.Message}");
                expected.Remove(name);
                if (now is not null) expected[name] = now;
            }
        }
        Assert.InRange(_proxy.Injected.Count, 20, 1000);
        Assert.Equal(Faults.Order(), _proxy.Injected.Select(injected => injected.Fault).Distinct().Order());
        foreach (var (name, artifact) in expected)
            Assert.Equal(artifact.ETag, (await calm.StatAsync(name, None))!.ETag);
    }

    [Fact]
    public async Task A_writer_alone_never_takes_its_own_write_whose_answer_was_lost_for_that_of_another()
    {
        _proxy.Script = FaultScript.Randomly(3, .4, StoreFault.LostAnswer);
        var store = ArtifactStores.Open($"blob:{_container}", _proxy.ConnectionString, Patiently);
        var etag = await WriteAsync(store, 0, WriteCondition.IfAbsent);
        for (var count = 1; count <= 30; count++) etag = await WriteAsync(store, count, WriteCondition.IfMatch(etag));
        Assert.Equal("30"u8.ToArray(), (await store.ReadAsync("counter", None))!.Content);
        Assert.InRange(_proxy.Injected.Count(injected => injected.Request.Kind == StoreRequestKind.Write), 5, 100);
    }

    [Fact]
    public async Task Counting_up_from_two_stores_loses_no_step_although_answers_are_lost()
    {
        _proxy.Script = FaultScript.Randomly(4, Share, StoreFault.LostAnswer, StoreFault.Reset, StoreFault.CutAnswer);
        var stores = Enumerable.Range(0, 2).Select(_ => ArtifactStores.Open($"blob:{_container}", _proxy.ConnectionString, Patiently)).ToArray();
        await WriteAsync(stores[0], 0, WriteCondition.IfAbsent);
        var conflicts = 0;
        await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            for (var done = 0; done < 25;)
            {
                var artifact = (await store.ReadAsync("counter", None))!;
                try
                {
                    await WriteAsync(store, int.Parse(artifact.Content, CultureInfo.InvariantCulture) + 1, WriteCondition.IfMatch(artifact.ETag));
                    done++;
                }
                catch (ArtifactConflictException)
                {
                    Interlocked.Increment(ref conflicts); // the other was first: read again
                }
            }
        })));
        // Where the other has already built on a write whose answer was lost, that write counts and its writer is told of a conflict.
        Assert.InRange(int.Parse((await stores[0].ReadAsync("counter", None))!.Content, CultureInfo.InvariantCulture), 50, 50 + conflicts);
        Assert.Contains(_proxy.Injected, injected => injected is { Fault: StoreFault.LostAnswer, Request.Kind: StoreRequestKind.Write });
    }

    private static void Patiently(Azure.Core.RetryOptions retries)
    {
        StoreFaultTests.Soon(retries);
        retries.MaxRetries = 15;
    }

    private static Task<string> WriteAsync(IArtifactStore store, int count, WriteCondition condition) =>
        store.WriteAsync("counter", (stream, ct) => stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{count}"), ct).AsTask(), condition, None);
}
