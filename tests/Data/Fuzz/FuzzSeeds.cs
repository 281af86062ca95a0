using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Tests.Documents;
using ExplicitCluster.Testing;
using Parquet;

namespace ExplicitCluster.Data.Tests.Fuzz;

/// <summary>A small valid file of every format, with the source that reads it.</summary>
internal static class FuzzSeeds
{
    private const string Prose = "\ufeffA first line, of é and 漢字.\r\nA second one\n\n \t\nAfter a blank line \"quoted\"\nand the last";
    private const string JsonLines = "{\"text\":\"a \\u00e9 \\n b\",\"label\":\"x\",\"weight\":0.5}\n{\"id\":[1,{\"a\":null}],\"label\":2,\"weight\":1e2,\"text\":\"\"}\n{\"text\":\"漢\",\"label\":\"x\",\"weight\":3}\n\n";
    private const string Table = "id,label,text,w\r\n1,x,\"a, \"\"b\"\"\nc\",0.5\n2, y ,plain,1\n3,x,,2e3\n\n";
    private const string Numbers = "a,b,kind\n1,2.5,x\n3,1e-3,\"y\"\n0,7,x\n";
    private const string Sparse = "+1 1:0.5 7:2 # more\r\n\n-1 3:1e3 2:0\n1\n# no row\n-1 9:1 4:2 9:0.25\n";

    /// <summary>Sources without a path (IDX: with labels that stay whole), and their content.</summary>
    public static IReadOnlyList<(SourceSpecification Source, byte[] Content)> All { get; } = Make();

    private static List<(SourceSpecification, byte[])> Make()
    {
        var (csv, text) = (Bytes(Table), Bytes(Prose));
        var table = new SourceSpecification { Format = SourceFormat.Csv, TextColumn = "text", LabelColumn = "label", WeightColumn = "w" };
        var seeds = new List<(SourceSpecification, byte[])>
        {
            (new SourceSpecification { Format = SourceFormat.Text }, text),
            (new SourceSpecification { Format = SourceFormat.Text, Document = DocumentCut.BlankLine }, text),
            (new SourceSpecification { Format = SourceFormat.Text, Document = DocumentCut.File }, text),
            (new SourceSpecification { Format = SourceFormat.Jsonl }, Bytes(JsonLines)),
            (table, csv),
            (table with { Header = false, TextColumn = "2", LabelColumn = "1", WeightColumn = null }, csv),
            (table with { Format = SourceFormat.Tsv }, Bytes(Table.Replace(',', '\t'))),
            (new SourceSpecification { Format = SourceFormat.Csv, LabelColumn = "kind" }, Bytes(Numbers)),
            (new SourceSpecification { Format = SourceFormat.Libsvm }, Bytes(Sparse)),
            (new SourceSpecification { Format = SourceFormat.Idx }, IdxFile.Images(3, 2, 2, [.. Enumerable.Range(0, 12).Select(i => (byte)i)])),
        };
        foreach (var (source, content) in seeds.ToList())
        {
            seeds.Add((source, Gzip.Of(content)));
            seeds.Add((source, Zstd.Of(content)));
        }
        var rows = Enumerable.Range(0, 12).Select(i => ($"text {i} é", $"l{i % 3}", i / 2f)).ToList();
        foreach (var compression in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd })
            seeds.Add((new SourceSpecification { Format = SourceFormat.Parquet, TextColumn = "the text" }, ParquetFile.OfAsync(rows, 5, compression).Result));
        return seeds;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
