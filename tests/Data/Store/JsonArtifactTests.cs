using System.Collections.Immutable;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

public sealed class JsonArtifactTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Document Sample = new("nightly", 12, 0.1, ["ä", "b"], DayOfWeek.Friday);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public JsonArtifactTests() => _store = new FolderArtifactStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_document_comes_back_with_its_etag()
    {
        var etag = await WriteAsync(WriteCondition.Always);
        var read = (await JsonArtifact.ReadAsync<Document>(_store, "a.json", null, None))!.Value;
        Assert.Equal(etag, read.ETag);
        AssertSame(read.Value);
        Assert.Null(await JsonArtifact.ReadAsync<Document>(_store, "none.json", null, None));
        await Assert.ThrowsAsync<ArtifactConflictException>(() => WriteAsync(WriteCondition.IfAbsent));
    }

    [Fact]
    public async Task The_document_is_json_for_any_reader_and_starts_with_its_checksum()
    {
        await WriteAsync(WriteCondition.Always);
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(_folder["a.json"]));
        Assert.Equal("checksum", json.RootElement.EnumerateObject().First().Name);
        Assert.Equal("friday", json.RootElement.GetProperty("day").GetString());
    }

    [Fact]
    public async Task Any_flipped_byte_is_noticed()
    {
        await WriteAsync(WriteCondition.Always);
        await Damage.ForEachByteAsync(_folder["a.json"], async () =>
        {
            await Assert.ThrowsAsync<ArtifactDamagedException>(() => JsonArtifact.ReadAsync<Document>(_store, "a.json", null, None));
        });
        await Damage.ForEachLengthAsync(_folder["a.json"], async () =>
        {
            await Assert.ThrowsAsync<ArtifactDamagedException>(() => JsonArtifact.ReadAsync<Document>(_store, "a.json", null, None));
        });
    }

    [Fact]
    public async Task What_is_no_object_is_refused_and_a_document_of_another_type_is_damage()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => JsonArtifact.WriteAsync(_store, "a", 5, null, WriteCondition.Always, None));
        await JsonArtifact.WriteAsync(_store, "b", new { rounds = "many" }, null, WriteCondition.Always, None);
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => JsonArtifact.ReadAsync<Document>(_store, "b", null, None));
    }

    private Task<string> WriteAsync(WriteCondition condition) => JsonArtifact.WriteAsync(_store, "a.json", Sample, null, condition, None);

    private static void AssertSame(Document read)
    {
        Assert.Equal(Sample.Labels.AsEnumerable(), read.Labels);
        Assert.Equal(Sample, read with { Labels = Sample.Labels });
    }

    private sealed record Document(string Name, int Rounds, double Alpha, ImmutableArray<string> Labels, DayOfWeek Day);
}
