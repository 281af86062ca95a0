using System.Text;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

public sealed class FolderArtifactStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public FolderArtifactStoreTests() => _store = new FolderArtifactStore(_folder["store"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_is_read_whole_and_in_ranges()
    {
        var etag = await WriteAsync("a/b/c", "0123456789", WriteCondition.Always);

        var artifact = await _store.ReadAsync("a/b/c", None);
        Assert.Equal("0123456789", Encoding.UTF8.GetString(artifact!.Content));
        Assert.Equal(etag, artifact.ETag);
        Assert.Equal(new ArtifactInfo(10, etag), await _store.StatAsync("a/b/c", None));
        var range = new byte[4];
        await _store.ReadRangeAsync("a/b/c", 3, range, None);
        Assert.Equal("3456", Encoding.UTF8.GetString(range));
    }

    [Fact]
    public async Task An_absent_artifact_is_null_or_a_missing_exception_and_deleting_it_is_no_error()
    {
        Assert.Null(await _store.StatAsync("none", None));
        Assert.Null(await _store.ReadAsync("no/ne", None));
        await _store.DeleteAsync("none", None);
        var missing = await Assert.ThrowsAsync<ArtifactMissingException>(() => _store.ReadRangeAsync("none", 0, new byte[1], None));
        Assert.Contains("none", missing.Message);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_damage()
    {
        await WriteAsync("a", "0123", WriteCondition.Always);
        var damaged = await Assert.ThrowsAsync<ArtifactDamagedException>(() => _store.ReadRangeAsync("a", 2, new byte[3], None));
        Assert.Contains("it is computed again", damaged.Remedy);
    }

    [Fact]
    public async Task Conditions_decide_whether_a_write_takes_place()
    {
        var first = await WriteAsync("a", "1", WriteCondition.IfAbsent);
        var conflict = await Assert.ThrowsAsync<ArtifactConflictException>(() => WriteAsync("a", "2", WriteCondition.IfAbsent));
        Assert.Equal(first, conflict.Seen);
        var second = await WriteAsync("a", "3", WriteCondition.IfMatch(first));
        Assert.NotEqual(first, second);
        await Assert.ThrowsAsync<ArtifactConflictException>(() => WriteAsync("a", "4", WriteCondition.IfMatch(first)));
        await Assert.ThrowsAsync<ArtifactConflictException>(() => WriteAsync("b", "4", WriteCondition.IfMatch(first)));
        Assert.Equal("3", await TextAsync("a"));
        Assert.Null(await TextAsync("b"));
        Assert.Empty(Temporaries());
    }

    [Fact]
    public async Task An_etag_never_comes_twice_for_a_name_even_for_equal_content_written_at_once_or_after_a_deletion()
    {
        var etags = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(etags.Add(await WriteAsync("a", "same", WriteCondition.Always)));
            if (i % 3 == 0) await _store.DeleteAsync("a", None);
        }
    }

    [Fact]
    public async Task A_change_behind_the_stores_back_changes_the_etag()
    {
        var etag = await WriteAsync("a", "same", WriteCondition.Always);
        File.WriteAllText(_folder["store/a"], "SAME");
        Assert.NotEqual(etag, (await _store.StatAsync("a", None))!.ETag);
    }

    [Fact]
    public async Task A_write_that_fails_or_is_cancelled_leaves_the_former_content_and_no_temporary_file()
    {
        await WriteAsync("a/b", "before", WriteCondition.Always);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _store.WriteAsync("a/b", async (stream, ct) =>
        {
            await stream.WriteAsync(new byte[200_000], ct);
            throw new InvalidTimeZoneException();
        }, WriteCondition.Always, None));
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.WriteAsync("a/b", async (stream, ct) =>
        {
            await stream.WriteAsync(new byte[200_000], ct);
            await cancellation.CancelAsync();
        }, WriteCondition.Always, cancellation.Token));

        Assert.Equal("before", await TextAsync("a/b"));
        Assert.Empty(Temporaries());
    }

    [Fact]
    public async Task A_temporary_file_is_not_listed_while_it_is_written_nor_when_it_was_left_over()
    {
        _folder.Write("store/a/.tmp-left-over", "x");
        await _store.WriteAsync("a/b", async (stream, ct) =>
        {
            await stream.WriteAsync(new byte[200_000], ct);
            Assert.Empty(await NamesAsync(""));
        }, WriteCondition.Always, None);
        Assert.Equal(["a/b"], await NamesAsync(""));
    }

    [Fact]
    public async Task Names_are_listed_by_prefix_in_ordinal_order()
    {
        foreach (var name in new[] { "b/10", "b/9", "b/B", "b/a", "b-x", "a", "b/c/d" }) await WriteAsync(name, name, WriteCondition.Always);
        Assert.Equal(["a", "b-x", "b/10", "b/9", "b/B", "b/a", "b/c/d"], await NamesAsync(""));
        Assert.Equal(["b/10", "b/9", "b/B", "b/a", "b/c/d"], await NamesAsync("b/"));
        Assert.Equal(["b-x", "b/10", "b/9", "b/B", "b/a", "b/c/d"], await NamesAsync("b"));
        Assert.Equal(["b/10"], await NamesAsync("b/1"));
        Assert.Empty(await NamesAsync("none/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/.hidden")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public async Task A_name_that_could_leave_the_store_or_differ_between_media_is_refused(string name)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _store.ReadAsync(name, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => WriteAsync(name, "x", WriteCondition.Always));
    }

    [Fact]
    public async Task A_staged_write_takes_the_name_that_its_content_gave()
    {
        await _store.WriteStagedAsync("datasets", async (stream, ct) =>
        {
            await stream.WriteAsync("content"u8.ToArray(), ct);
            return "datasets/123/rows";
        }, WriteCondition.IfAbsent, None);
        Assert.Equal("content", await TextAsync("datasets/123/rows"));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteStagedAsync("datasets", (_, _) => Task.FromResult("elsewhere/a"), WriteCondition.Always, None));
        Assert.Equal(["datasets/123/rows"], await NamesAsync(""));
        Assert.Empty(Temporaries());
    }

    [Fact]
    public async Task The_default_staged_write_of_a_store_without_renaming_does_the_same()
    {
        IArtifactStore plain = new UnrenamingStore(_store);
        await plain.WriteStagedAsync("datasets", async (stream, ct) =>
        {
            await stream.WriteAsync(new byte[3_000_000], ct);
            return "datasets/123/rows";
        }, WriteCondition.IfAbsent, None);
        Assert.Equal(3_000_000, (await _store.StatAsync("datasets/123/rows", None))!.Length);
        Assert.Equal(["datasets/123/rows"], await NamesAsync(""));
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
        var error = await Assert.ThrowsAsync<StoreException>(() => WriteAsync("a", "x", WriteCondition.Always, blocked));
        Assert.Contains("/file/store", error.Message);
        Assert.NotEmpty(error.Remedy);
        Assert.Contains("no permission", StoreErrors.Translate("write", "/s", new UnauthorizedAccessException()).Message);
    }

    [Fact]
    public async Task Fifty_megabytes_are_written_well_within_a_second()
    {
        var content = new byte[50 << 20];
        var start = TimeProvider.System.GetTimestamp();
        await _store.WriteAsync("big", async (stream, ct) => await stream.WriteAsync(content, ct), WriteCondition.Always, None);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.SendDiagnosticMessage("50 MB written in {0:f0} ms", elapsed.TotalMilliseconds);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"took {elapsed}");
    }

    private async Task<string> WriteAsync(string name, string content, WriteCondition condition, FolderArtifactStore? store = null) =>
        await (store ?? _store).WriteAsync(name, async (stream, ct) => await stream.WriteAsync(Encoding.UTF8.GetBytes(content), ct), condition, None);

    private async Task<string?> TextAsync(string name) => await _store.ReadAsync(name, None) is { } artifact ? Encoding.UTF8.GetString(artifact.Content) : null;

    private async Task<List<string>> NamesAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var name in _store.ListAsync(prefix, None)) names.Add(name);
        return names;
    }

    private string[] Temporaries() => Directory.GetFiles(_folder.Path, ".tmp-*", SearchOption.AllDirectories);

    /// <summary>A store that, like a blob container, cannot rename.</summary>
    private sealed class UnrenamingStore(IArtifactStore inner) : IArtifactStore
    {
        public Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct) => inner.StatAsync(name, ct);

        public Task<Artifact?> ReadAsync(string name, CancellationToken ct) => inner.ReadAsync(name, ct);

        public Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct) => inner.ReadRangeAsync(name, offset, destination, ct);

        public Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct) =>
            inner.WriteAsync(name, write, condition, ct);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

        public Task DeleteAsync(string name, CancellationToken ct) => inner.DeleteAsync(name, ct);
    }
}
