using System.Text;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Tests.Store;

/// <summary>Writers and readers at once, in two stores on one medium.</summary>
public abstract class ArtifactStoreRaceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IArtifactStore? _store;

    private IArtifactStore Store => _store ??= Open();

    [Fact]
    public async Task Of_many_writers_in_two_stores_on_one_folder_exactly_one_wins_if_absent()
    {
        var other = Open();
        for (var round = 0; round < 10; round++)
        {
            var name = $"race/{round}";
            var tasks = Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
            {
                try
                {
                    await WriteAsync(name, $"{writer}", WriteCondition.IfAbsent, writer % 2 == 0 ? Store : other);
                    return writer;
                }
                catch (ArtifactConflictException)
                {
                    return -1;
                }
            })).ToArray();
            var winner = Assert.Single(await Task.WhenAll(tasks), writer => writer >= 0);
            Assert.Equal($"{winner}", await TextAsync(name));
        }
    }

    [Fact]
    public async Task Counting_up_with_if_match_from_two_threads_and_two_stores_loses_no_step()
    {
        var other = Open();
        await WriteAsync("counter", "0", WriteCondition.Always);
        async Task CountAsync(IArtifactStore store)
        {
            for (var done = 0; done < 50;)
            {
                var artifact = (await store.ReadAsync("counter", None))!;
                var next = int.Parse(Encoding.UTF8.GetString(artifact.Content)) + 1;
                try
                {
                    await WriteAsync("counter", $"{next}", WriteCondition.IfMatch(artifact.ETag), store);
                    done++;
                }
                catch (ArtifactConflictException)
                {
                    // The other thread was first: read again.
                }
            }
        }

        await Task.WhenAll(Task.Run(() => CountAsync(Store)), Task.Run(() => CountAsync(other)));

        Assert.Equal("100", await TextAsync("counter"));
    }

    [Fact]
    public async Task A_reader_never_sees_a_part_of_a_write()
    {
        await WriteAsync("a", new string('x', 100_000), WriteCondition.Always);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++) await WriteAsync("a", new string((char)('a' + i % 26), 100_000), WriteCondition.Always);
        });
        for (var i = 0; i < 200; i++)
        {
            var content = (await Store.ReadAsync("a", None))!.Content;
            Assert.Equal(100_000, content.Length);
            Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept(content[0]));
        }
        await stop.CancelAsync();
        await writer;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_writers_of_many_blocks_one_wins_whole(bool onlyIfAbsent)
    {
        var other = Open();
        var condition = onlyIfAbsent ? WriteCondition.IfAbsent : WriteCondition.Always;
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var store = writer % 2 == 0 ? Store : other;
            try
            {
                var part = Enumerable.Repeat((byte)writer, 3 << 20).ToArray();
                return await store.WriteAsync("big", async (stream, ct) =>
                {
                    for (var i = 0; i < 3; i++) await stream.WriteAsync(part, ct);
                }, condition, None);
            }
            catch (ArtifactConflictException) when (onlyIfAbsent)
            {
                return null;
            }
        })).ToArray();
        var etags = await Task.WhenAll(writers);

        var artifact = (await Store.ReadAsync("big", None))!;
        Assert.Equal(9 << 20, artifact.Content.Length);
        Assert.Equal(-1, artifact.Content.AsSpan().IndexOfAnyExcept(artifact.Content[0]));
        Assert.Equal(etags[artifact.Content[0]], artifact.ETag);
        Assert.Equal(onlyIfAbsent ? 1 : 4, etags.Count(etag => etag is not null));
    }

    /// <summary>One more store on the test's medium.</summary>
    protected abstract IArtifactStore Open();

    private async Task<string> WriteAsync(string name, string content, WriteCondition condition, IArtifactStore? store = null) =>
        await (store ?? Store).WriteAsync(name, async (stream, ct) => await stream.WriteAsync(Encoding.UTF8.GetBytes(content), ct), condition, None);

    private async Task<string?> TextAsync(string name) => await Store.ReadAsync(name, None) is { } artifact ? Encoding.UTF8.GetString(artifact.Content) : null;
}
