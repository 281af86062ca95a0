using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

public sealed class FolderArtifactStoreTests : ArtifactStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder;

    public FolderArtifactStoreTests()
        : this(new TemporaryFolder())
    {
    }

    private FolderArtifactStoreTests(TemporaryFolder folder)
        : base(new FolderArtifactStore(folder["store"])) => _folder = folder;

    [Fact]
    public async Task A_change_behind_the_stores_back_changes_the_etag()
    {
        var etag = await WriteAsync("a", "same", WriteCondition.Always);
        File.WriteAllText(_folder["store/a"], "SAME");
        Assert.NotEqual(etag, (await Store.StatAsync("a", None))!.ETag);
    }

    [Fact]
    public async Task A_full_disk_gives_one_clear_line()
    {
        // /dev/full refuses every byte, as a full disk does.
        var medium = new MediumStream(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), "/stores/one");
        await using (medium)
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () => await medium.WriteAsync(new byte[10]));
            Assert.Contains("the disk that holds the store /stores/one is full", error.Message);
            Assert.Contains("Free space", error.Remedy);
        }
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_gives_one_clear_line()
    {
        var blocked = new FolderArtifactStore(_folder.Write("file", "no folder") + "/store");
        var error = await Assert.ThrowsAsync<StoreException>(() => blocked.WriteAsync("a", (_, _) => Task.CompletedTask, WriteCondition.Always, None));
        Assert.Contains("/file/store", error.Message);
        Assert.NotEmpty(error.Remedy);
        Assert.Contains("no permission", StoreErrors.Translate("write", "/s", new UnauthorizedAccessException()).Message);
    }

    [Fact]
    public async Task Fifty_megabytes_are_written_well_within_a_second()
    {
        var content = new byte[50 << 20];
        var start = TimeProvider.System.GetTimestamp();
        await Store.WriteAsync("big", async (stream, ct) => await stream.WriteAsync(content, ct), WriteCondition.Always, None);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.SendDiagnosticMessage("50 MB written in {0:f0} ms", elapsed.TotalMilliseconds);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"took {elapsed}");
    }

    [Fact]
    public async Task A_temporary_file_that_was_left_over_is_not_listed()
    {
        _folder.Write("store/a/.tmp-left-over", "x");
        await WriteAsync("a/b", "x", WriteCondition.Always);
        Assert.Equal(["a/b"], await NamesAsync(""));
    }

    protected override Task<IReadOnlyList<string>> LeftOverAsync() =>
        Task.FromResult<IReadOnlyList<string>>(Directory.GetFiles(_folder.Path, ".tmp-*", SearchOption.AllDirectories));

    public void Dispose() => _folder.Dispose();
}
