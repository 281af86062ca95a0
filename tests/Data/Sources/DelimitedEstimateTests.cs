using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Sources;

public sealed class DelimitedEstimateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(50_000, false)]
    [InlineData(50_000, true)]
    public async Task Rows_columns_and_labels_are_estimated_without_a_pass(int rows, bool gzip)
    {
        var random = new Random(7);
        var text = "a,b,kind\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{random.Next(1000)},{random.NextDouble():F6},{"xyz"[i % 3]}\n")));
        var path = gzip ? _folder.Write("t.csv.gz", Gzip.Of(System.Text.Encoding.UTF8.GetBytes(text))) : _folder.Write("t.csv", text);
        var reader = new SourceReader(new FolderArtifactStore(_folder["store"]));
        var source = new SourceSpecification { Format = SourceFormat.Csv, Path = path, LabelColumn = "kind" };
        var outline = await reader.OutlineAsync(source, CancellationToken.None);
        Assert.True(outline!.IsEstimate);
        Assert.Equal((2, 3), (outline.Shape.Columns, outline.Labels));
        Assert.InRange(outline.Rows, rows * .75, rows * 1.25);
        Assert.False(Directory.Exists(_folder["store"]), "the store was written to");
        await reader.OpenAsync(source, labelsRequired: true, CancellationToken.None);
    }

    [Fact]
    public async Task A_file_without_a_line_of_numbers_has_no_estimate()
    {
        var reader = new SourceReader(new FolderArtifactStore(_folder["store"]));
        var source = new SourceSpecification { Format = SourceFormat.Csv, Path = _folder.Write("h.csv", "a,b\n"), LabelColumn = "b" };
        Assert.Null(await reader.OutlineAsync(source, CancellationToken.None));
    }
}
