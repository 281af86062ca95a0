using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Sources;

/// <summary>A reader that is given folders reads files in them, wherever links lead, and no others.</summary>
public sealed class SourceRootsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly SourceReader _reader;
    private readonly string _inside;
    private readonly string _outside;

    public SourceRootsTests()
    {
        _store = new FolderArtifactStore(_folder["store"]);
        _inside = _folder.Write("roots/a/inside.csv", "x,y\n1,a\n2,b\n");
        _outside = _folder.Write("elsewhere/outside.csv", "x,y\n1,a\n2,b\n");
        _reader = new SourceReader(_store, new SourceRoots([_folder["roots"]]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_in_a_folder_below_is_read() => Assert.Equal(2, (await _reader.OpenAsync(Table(_inside), true, None)).Rows);

    [Fact]
    public async Task A_file_elsewhere_is_refused_whatever_way_leads_to_it()
    {
        File.CreateSymbolicLink(_folder["roots/link.csv"], _outside);
        Directory.CreateSymbolicLink(_folder["roots/folder"], _folder["elsewhere"]);
        Directory.CreateDirectory(_folder["roots-of-others"]);
        File.Copy(_outside, _folder["roots-of-others/near.csv"]);
        string[] ways = [_outside, _folder["roots/link.csv"], _folder["roots/folder/outside.csv"], _folder["roots/../elsewhere/outside.csv"], _folder["roots-of-others/near.csv"]];
        foreach (var way in ways)
        {
            var refused = await Assert.ThrowsAsync<SourceException>(() => _reader.OpenAsync(Table(way), true, None));
            Assert.Equal($"{Path.GetFullPath(way)} is not within the folders that this silo reads sources from.", refused.Message);
            await Assert.ThrowsAsync<SourceException>(() => _reader.OutlineAsync(Table(way), None));
        }
    }

    [Fact]
    public async Task A_link_from_elsewhere_into_a_folder_is_followed()
    {
        File.CreateSymbolicLink(_folder["elsewhere/link.csv"], _inside);
        Assert.Equal(2, (await _reader.OpenAsync(Table(_folder["elsewhere/link.csv"]), true, None)).Rows);
    }

    [Fact]
    public async Task What_another_reader_opened_elsewhere_is_not_read_in_place()
    {
        var source = new SourceSpecification
        {
            Format = SourceFormat.Idx,
            Images = _folder.Write("elsewhere/images", IdxFile.Images(2, 1, 1, [1, 2])),
            Labels = _folder.Write("elsewhere/labels", IdxFile.Labels(0, 1)),
        };
        var manifest = await new SourceReader(_store).OpenAsync(source, true, None);
        Assert.Null(manifest.DecodedName);
        await Assert.ThrowsAsync<SourceException>(() => _reader.ReadAsync(manifest, 0, 1, None));
    }

    [Fact]
    public async Task Without_any_folder_no_file_is_read() =>
        await Assert.ThrowsAsync<SourceException>(() => new SourceReader(_store, new SourceRoots([])).OpenAsync(Table(_inside), true, None));

    private static SourceSpecification Table(string path) => new() { Format = SourceFormat.Csv, Path = path, LabelColumn = "y", Header = true };
}
