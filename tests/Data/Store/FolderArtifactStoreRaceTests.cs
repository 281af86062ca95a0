using System.Text;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

public sealed class FolderArtifactStoreRaceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public FolderArtifactStoreRaceTests() => _store = new FolderArtifactStore(_folder["store"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_many_writers_in_two_stores_on_one_folder_exactly_one_wins_if_absent()
    {
        var other = new FolderArtifactStore(_folder["store"]);
        for (var round = 0; round < 10; round++)
        {
            var name = $"race/{round}";
            var tasks = Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
            {
                try
                {
                    await WriteAsync(name, $"{writer}", WriteCondition.IfAbsent, writer % 2 == 0 ? _store : other);
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
        var other = new FolderArtifactStore(_folder["store"]);
        await WriteAsync("counter", "0", WriteCondition.Always);
        async Task CountAsync(FolderArtifactStore store)
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

        await Task.WhenAll(Task.Run(() => CountAsync(_store)), Task.Run(() => CountAsync(other)));

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
            var content = (await _store.ReadAsync("a", None))!.Content;
            Assert.Equal(100_000, content.Length);
            Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept(content[0]));
        }
        await stop.CancelAsync();
        await writer;
    }

    private async Task<string> WriteAsync(string name, string content, WriteCondition condition, FolderArtifactStore? store = null) =>
        await (store ?? _store).WriteAsync(name, async (stream, ct) => await stream.WriteAsync(Encoding.UTF8.GetBytes(content), ct), condition, None);

    private async Task<string?> TextAsync(string name) => await _store.ReadAsync(name, None) is { } artifact ? Encoding.UTF8.GetString(artifact.Content) : null;
}
