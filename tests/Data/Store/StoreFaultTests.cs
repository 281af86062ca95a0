using Azure.Core;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

/// <summary>What happens to requests on their way: each fault at each kind of request, once and for ever.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class StoreFaultTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Small = "0123456789"u8.ToArray();
    private static readonly byte[] Big = BytesOf(5 << 20);

    private readonly FaultyProxy _proxy = azurite.StartProxy();
    private readonly string _container = azurite.NextContainer();

    /// <summary>Past the proxy.</summary>
    private IArtifactStore Calm => field ??= ArtifactStores.Open($"blob:{_container}", azurite.ConnectionString);

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Theory]
    [InlineData(StoreFault.Delay)]
    [InlineData(StoreFault.Stall)]
    [InlineData(StoreFault.Reset)]
    [InlineData(StoreFault.Broken)]
    [InlineData(StoreFault.Busy)]
    [InlineData(StoreFault.TooMany)]
    [InlineData(StoreFault.LostAnswer)]
    [InlineData(StoreFault.CutAnswer)]
    [InlineData(StoreFault.ShortAnswer)]
    [InlineData(StoreFault.ChangedAnswer)]
    [InlineData(StoreFault.ChangedRequest)]
    public async Task A_passing_fault_of_any_request_is_ridden_out(StoreFault fault)
    {
        var etag = await WriteAsync(Calm, "seen", Small, WriteCondition.Always);
        await WriteAsync(Calm, "listed/1", Small, WriteCondition.Always);
        await WriteAsync(Calm, "gone", Small, WriteCondition.Always);
        List<Task> requests =
        [
            DisturbedAsync(StoreRequestKind.Stat, fault, async store => Assert.Equal(new ArtifactInfo(Small.Length, etag), await store.StatAsync("seen", None))),
            DisturbedAsync(StoreRequestKind.Read, fault, async store => Assert.Equal(Small, (await store.ReadAsync("seen", None))!.Content)),
            DisturbedAsync(StoreRequestKind.Read, fault, async store => Assert.Null(await store.ReadAsync("none", None))),
            DisturbedAsync(StoreRequestKind.Delete, fault, store => store.DeleteAsync("gone", None)),
            DisturbedWriteAsync("once", Small, StoreRequestKind.Write, fault, WriteCondition.IfAbsent),
            DisturbedWriteAsync("small", Small, StoreRequestKind.Write, fault, WriteCondition.Always),
            DisturbedWriteAsync("blocks", Big, StoreRequestKind.WriteBlock, fault, WriteCondition.Always),
            DisturbedWriteAsync("big", Big, StoreRequestKind.Commit, fault, WriteCondition.Always),
            DisturbedWriteAsync("big-once", Big, StoreRequestKind.Commit, fault, WriteCondition.IfAbsent),
            DisturbedAsync(StoreRequestKind.MakeContainer, fault, store => WriteAsync(store, "a", Small, WriteCondition.IfAbsent), azurite.NextContainer()),
        ];
        if (fault != StoreFault.ChangedAnswer) // that is for the artifact's own checksums to tell
        {
            requests.Add(DisturbedAsync(StoreRequestKind.List, fault, async store => Assert.Equal(["listed/1"], await NamesAsync(store, "listed/"))));
            requests.Add(DisturbedAsync(StoreRequestKind.ReadRange, fault, async store =>
            {
                var range = new byte[6];
                await store.ReadRangeAsync("seen", 2, range, None);
                Assert.Equal(Small[2..8], range);
            }));
        }
        await Task.WhenAll(requests);
        Assert.Null(await Calm.StatAsync("gone", None));
        await DisturbedWriteAsync("seen", [.. Small, 1], StoreRequestKind.Write, fault, WriteCondition.IfMatch(etag));
    }

    [Theory]
    [InlineData(StoreFault.Stall, "does not answer")]
    [InlineData(StoreFault.Reset, "does not answer")]
    [InlineData(StoreFault.Broken, "fails (500 InternalError)")]
    [InlineData(StoreFault.Busy, "asks for fewer requests, and did so for too long (503 ServerBusy)")]
    [InlineData(StoreFault.LostAnswer, "does not answer")]
    [InlineData(StoreFault.CutAnswer, "does not answer")]
    [InlineData(StoreFault.ChangedRequest, "arrives garbled")]
    public async Task A_lasting_fault_is_one_clear_error_and_leaves_no_half_written_artifact(StoreFault fault, string seen)
    {
        var store = ArtifactStores.Open($"blob:{_container}", _proxy.ConnectionString, Soon);
        await WriteAsync(store, "before", Small, WriteCondition.Always);
        _proxy.Script = _ => fault;
        List<Task> requests =
        [
            FailsAsync("write artifact big", () => WriteAsync(store, "big", Big, WriteCondition.Always)),
            FailsAsync("write artifact small", () => WriteAsync(store, "small", Small, WriteCondition.Always)),
        ];
        if (fault != StoreFault.ChangedRequest)
        {
            requests.AddRange(
            [
                FailsAsync("look at artifact before", () => store.StatAsync("before", None)),
                FailsAsync("read artifact before", () => store.ReadAsync("before", None)),
                FailsAsync("read artifact before", () => store.ReadRangeAsync("before", 0, new byte[2], None)),
                FailsAsync("list artifacts b*", () => NamesAsync(store, "b")),
                FailsAsync("delete artifact none", () => store.DeleteAsync("none", None)),
            ]);
        }
        await Task.WhenAll(requests);
        Assert.Equal(["before"], (await NamesAsync(Calm)).Except(["small"])); // which may have been written, and its answer lost
        _proxy.Script = _ => null;
        await WriteAsync(store, "big", Big, WriteCondition.Always);
        Assert.Equal(Big, (await Calm.ReadAsync("big", None))!.Content);

        async Task FailsAsync(string doing, Func<Task> request)
        {
            var error = await Assert.ThrowsAsync<StoreException>(request);
            Assert.Equal($"Cannot {doing}: ", error.Message[..(doing.Length + 9)]);
            Assert.Contains($"blob:{_container}", error.Message);
            Assert.Contains(seen, error.Message);
            Assert.Contains("jobs resume", error.Remedy);
        }
    }

    [Theory]
    [InlineData(StoreFault.ShortAnswer)]
    [InlineData(StoreFault.ChangedAnswer)]
    public async Task An_answer_that_is_never_what_was_written_is_never_taken_for_it(StoreFault fault)
    {
        var store = ArtifactStores.Open($"blob:{_container}", _proxy.ConnectionString, Soon);
        await WriteAsync(store, "small", Small, WriteCondition.Always);
        await WriteAsync(store, "big", Big, WriteCondition.Always);
        _proxy.Script = _ => fault;
        List<Func<Task>> requests = [() => store.ReadAsync("small", None), () => store.ReadAsync("big", None)];
        if (fault == StoreFault.ShortAnswer)
            requests.AddRange([() => store.ReadRangeAsync("small", 2, new byte[4], None), () => NamesAsync(store)]);
        foreach (var request in requests)
            Assert.Contains("arrives garbled", (await Assert.ThrowsAsync<StoreException>(request)).Message);
    }

    /// <summary>Tries again soon and gives up soon.</summary>
    internal static void Soon(RetryOptions retries)
    {
        retries.MaxRetries = 3;
        retries.Delay = TimeSpan.FromMilliseconds(5);
        retries.MaxDelay = TimeSpan.FromMilliseconds(20);
        retries.NetworkTimeout = TimeSpan.FromSeconds(1);
    }

    private static byte[] BytesOf(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static Task<string> WriteAsync(IArtifactStore store, string name, byte[] content, WriteCondition condition) =>
        store.WriteAsync(name, (stream, ct) => stream.WriteAsync(content, ct).AsTask(), condition, None);

    private static async Task<List<string>> NamesAsync(IArtifactStore store, string prefix = "")
    {
        var names = new List<string>();
        await foreach (var name in store.ListAsync(prefix, None)) names.Add(name);
        return names;
    }

    private async Task DisturbedWriteAsync(string name, byte[] content, StoreRequestKind kind, StoreFault fault, WriteCondition condition)
    {
        var etag = "";
        await DisturbedAsync(kind, fault, async store => etag = await WriteAsync(store, name, content, condition));
        var artifact = (await Calm.ReadAsync(name, None))!;
        Assert.Equal(content, artifact.Content);
        Assert.Equal(etag, artifact.ETag);
    }

    /// <summary>Does something on a store whose first requests of a kind go wrong.</summary>
    private async Task DisturbedAsync(StoreRequestKind kind, StoreFault fault, Func<IArtifactStore, Task> action, string? container = null)
    {
        var times = fault is StoreFault.Stall or StoreFault.TooMany ? 1 : 2;
        await using var proxy = azurite.StartProxy();
        proxy.Script = FaultScript.First(kind, fault, times);
        await action(ArtifactStores.Open($"blob:{container ?? _container}", proxy.ConnectionString, Soon));
        Assert.InRange(proxy.Injected.Count, 1, times);
    }
}
