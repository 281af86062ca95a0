using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Sources;

public sealed class TableTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly SourceReader _reader;

    public TableTests()
    {
        _store = new FolderArtifactStore(_folder["store"]);
        _reader = new SourceReader(_store);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("w,h,kind\n1,2.5,cat\n0,1e3,dog\n", "kind", true)]
    [InlineData("w,h,kind\r\n1,2.5,cat\r\n0,1e3,dog\r\n", "kind", true)]
    [InlineData("\ufeffw,h,kind\n1,2.5,cat\n0,1e3,dog", "kind", true)]
    [InlineData("w,h,kind\n1,2.5,cat\n0,1e3,dog\n\n", "2", true)]
    [InlineData("\"w\",\"h\",\"kind\"\n\"1\",\"2.5\",\"cat\"\n 0 ,+1000, dog \n", "kind", true)]
    [InlineData("kind,w,h\ncat,1,2.5\ndog,-0,1000.0\n", "kind", true)]
    [InlineData("1,2.5,cat\n0,1e3,dog\n", "2", false)]
    public async Task A_table_comes_back_as_float32_rows(string text, string label, bool header)
    {
        foreach (var gzip in new[] { false, true })
        {
            foreach (var tabs in new[] { false, true })
            {
                var bytes = Encoding.UTF8.GetBytes(tabs ? text.Replace(',', '\t') : text);
                var path = _folder.Write($"table-{gzip}-{tabs}", gzip ? Gzip.Of(bytes) : bytes);
                var source = new SourceSpecification { Format = tabs ? SourceFormat.Tsv : SourceFormat.Csv, Path = path, LabelColumn = label, Header = header };
                var manifest = await _reader.OpenAsync(source, true, None);
                Assert.Equal(RowShape.Table(2), manifest.Shape);
                Assert.Equal(["cat", "dog"], manifest.Labels);
                var rows = await _reader.ReadAsync(manifest, 0, 2, None);
                Assert.Equal([1f, 2.5f, 0f, 1000f], rows.Rows.Floats);
                Assert.Equal(0, BitConverter.SingleToInt32Bits(rows.Rows.Floats[2]));
                Assert.Equal([0, 1], rows.Labels);
                Assert.Equal(header ? ["w", "h"] : [], manifest.ColumnNames.AsEnumerable());
            }
        }
    }

    [Fact]
    public async Task A_table_of_many_groups_comes_back_in_any_range()
    {
        var text = new StringBuilder("class,a,b,c\n");
        const int rows = 120_000;
        for (var i = 0; i < rows; i++) text.Append($"L{i * 7 % 13},{i},{i % 100 / 4.0},{i * 10L}\n");
        var manifest = await _reader.OpenAsync(Csv(text.ToString(), "class"), true, None);
        Assert.Equal(rows, manifest.Rows);
        Assert.Equal(manifest.Labels.Order(StringComparer.Ordinal), manifest.Labels);
        foreach (var (first, count) in new[] { (0, rows), (87_000, 1000), (87_380, 3), (rows - 1, 1) })
        {
            var read = await _reader.ReadAsync(manifest, first, count, None);
            for (var i = 0; i < count; i++)
            {
                var row = first + i;
                Assert.Equal([row, (float)(row % 100 / 4.0), row * 10L], read.Rows.Floats.Slice(i * 3, 3));
                Assert.Equal($"L{row * 7 % 13}", manifest.Labels[read.Labels[i]]);
            }
        }
    }

    /// <summary>What 'gzip' and the last block of bgzip write for no data: its trailer is zeros, like the end of its data.</summary>
    private static byte[] EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task A_gzip_file_of_several_members_is_read_to_its_end()
    {
        var members = Enumerable.Range(0, 50).SelectMany(i => Gzip.Of(Encoding.ASCII.GetBytes($"{i},{i * 2}\n")));
        var path = _folder.Write("many.csv.gz", [.. Gzip.Of("a,b\n"u8.ToArray()), .. EmptyMember, .. members, .. EmptyMember]);
        var manifest = await _reader.OpenAsync(new SourceSpecification { Format = SourceFormat.Csv, Path = path }, false, None);
        Assert.Equal(50, manifest.Rows);
        var last = await _reader.ReadAsync(manifest, 49, 1, None);
        Assert.Equal([49f, 98f], last.Rows.Floats);
    }

    private SourceSpecification Csv(string text, string label) => new()
    {
        Format = SourceFormat.Csv,
        Path = _folder.Write($"{Guid.NewGuid():N}.csv", text),
        LabelColumn = label,
    };
}
