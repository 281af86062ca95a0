using System.Text;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Tests.Store;

/// <summary>What every artifact store does, whatever its medium.</summary>
public abstract class ArtifactStoreTests
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected ArtifactStoreTests(IArtifactStore store) => Store = store;

    protected IArtifactStore Store { get; }

    [Fact]
    public async Task What_is_written_is_read_whole_and_in_ranges()
    {
        var etag = await WriteAsync("a/b/c", "0123456789", WriteCondition.Always);

        var artifact = await Store.ReadAsync("a/b/c", None);
        Assert.Equal("0123456789", Encoding.UTF8.GetString(artifact!.Content));
        Assert.Equal(etag, artifact.ETag);
        Assert.Equal(new ArtifactInfo(10, etag), await Store.StatAsync("a/b/c", None));
        var range = new byte[4];
        await Store.ReadRangeAsync("a/b/c", 3, range, None);
        Assert.Equal("3456", Encoding.UTF8.GetString(range));
    }

    [Fact]
    public async Task An_absent_artifact_is_null_or_a_missing_exception_and_deleting_it_is_no_error()
    {
        Assert.Null(await Store.StatAsync("none", None));
        Assert.Null(await Store.ReadAsync("no/ne", None));
        await Store.DeleteAsync("none", None);
        var missing = await Assert.ThrowsAsync<ArtifactMissingException>(() => Store.ReadRangeAsync("none", 0, new byte[1], None));
        Assert.Contains("none", missing.Message);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_damage()
    {
        await WriteAsync("a", "0123", WriteCondition.Always);
        var damaged = await Assert.ThrowsAsync<ArtifactDamagedException>(() => Store.ReadRangeAsync("a", 2, new byte[3], None));
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
        Assert.Empty(await LeftOverAsync());
    }

    [Fact]
    public async Task An_etag_never_comes_twice_for_a_name_even_for_equal_content_written_at_once_or_after_a_deletion()
    {
        var etags = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(etags.Add(await WriteAsync("a", "same", WriteCondition.Always)));
            if (i % 3 == 0) await Store.DeleteAsync("a", None);
        }
    }

    [Fact]
    public async Task A_write_that_fails_or_is_cancelled_leaves_the_former_content_and_no_temporary_file()
    {
        await WriteAsync("a/b", "before", WriteCondition.Always);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.WriteAsync("a/b", async (stream, ct) =>
        {
            await stream.WriteAsync(new byte[200_000], ct);
            throw new InvalidTimeZoneException();
        }, WriteCondition.Always, None));
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync("a/b", async (stream, ct) =>
        {
            await stream.WriteAsync(new byte[200_000], ct);
            await cancellation.CancelAsync();
        }, WriteCondition.Always, cancellation.Token));

        Assert.Equal("before", await TextAsync("a/b"));
        Assert.Empty(await LeftOverAsync());
    }

    [Fact]
    public async Task What_is_being_written_is_not_listed()
    {
        await Store.WriteAsync("a/b", async (stream, ct) =>
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
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadAsync(name, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => WriteAsync(name, "x", WriteCondition.Always));
    }

    [Fact]
    public async Task A_staged_write_takes_the_name_that_its_content_gave()
    {
        await Store.WriteStagedAsync("datasets", async (stream, ct) =>
        {
            await stream.WriteAsync("content"u8.ToArray(), ct);
            return "datasets/123/rows";
        }, WriteCondition.IfAbsent, None);
        Assert.Equal("content", await TextAsync("datasets/123/rows"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteStagedAsync("datasets", (_, _) => Task.FromResult("elsewhere/a"), WriteCondition.Always, None));
        Assert.Equal(["datasets/123/rows"], await NamesAsync(""));
        Assert.Empty(await LeftOverAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData((4 << 20) - 1)]
    [InlineData(4 << 20)]
    [InlineData((8 << 20) + 5)]
    public async Task Artifacts_of_any_length_are_read_as_they_were_written(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var etag = await Store.WriteAsync("big", async (stream, ct) =>
        {
            stream.Write(content.AsSpan(0, length / 3));
            await stream.WriteAsync(content.AsMemory(length / 3), ct);
        }, WriteCondition.Always, None);

        Assert.Equal(new ArtifactInfo(length, etag), await Store.StatAsync("big", None));
        Assert.Equal(content, (await Store.ReadAsync("big", None))!.Content);
        var range = new byte[length / 2];
        await Store.ReadRangeAsync("big", length / 3, range, None);
        Assert.Equal(content[(length / 3)..(length / 3 + length / 2)], range);
    }

    /// <summary>What writes that ended left in the medium, besides artifacts.</summary>
    protected abstract Task<IReadOnlyList<string>> LeftOverAsync();

    protected async Task<string> WriteAsync(string name, string content, WriteCondition condition) =>
        await Store.WriteAsync(name, async (stream, ct) => await stream.WriteAsync(Encoding.UTF8.GetBytes(content), ct), condition, None);

    protected async Task<string?> TextAsync(string name) => await Store.ReadAsync(name, None) is { } artifact ? Encoding.UTF8.GetString(artifact.Content) : null;

    protected async Task<List<string>> NamesAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var name in Store.ListAsync(prefix, None)) names.Add(name);
        return names;
    }
}
