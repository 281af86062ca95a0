using ExplicitCluster.Testing;

namespace ExplicitCluster.Client.Tests.Slices;

/// <summary>Sixty sources of made-up images of three classes, six days of ten tenants, in files that say so: <c>rows/TENANT/DAY-images</c>.</summary>
public sealed class TaggedRows : IDisposable
{
    public const int Side = 6;
    public const int RowsOfSource = 8;
    public const string Pattern = "{ format: idx, images: \"rows/{tenant}/{day}-images\", labels: \"rows/{tenant}/{day}-labels\" }";

    private readonly ExplicitCluster.Testing.TemporaryFolder _folder = new();

    public TaggedRows()
    {
        var random = new Random(5);
        foreach (var tenant in Tenants)
        {
            foreach (var day in Days)
                Write(tenant, day, random);
        }
        Specification = Write("all.yaml", Pattern);
    }

    public static IReadOnlyList<string> Tenants { get; } = [.. Enumerable.Range(0, 10).Select(i => $"t{i}")];

    public static IReadOnlyList<string> Days { get; } = [.. Enumerable.Range(1, 6).Select(i => $"2026-11-{i:00}")];

    public string Specification { get; }

    public string this[string name] => _folder[name];

    /// <summary>A specification over other sources, beside the first.</summary>
    public string Write(string file, string train, string features = "{ map: patches, width: 2, height: 2, levels: [80, 160] }") =>
        Add(file, $"name: rows\ndata:\n  train: {train}\nfeatures: {features}\nsolve: {{ k: 4, alpha: 0.1 }}\nevaluate: none\n");

    public string Add(string file, string text) => _folder.Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    public static string SourceOf(string tenant, string day) => $"{{ format: idx, images: rows/{tenant}/{day}-images, labels: rows/{tenant}/{day}-labels }}";

    public void Dispose() => _folder.Dispose();

    private void Write(string tenant, string day, Random random)
    {
        var labels = new byte[RowsOfSource];
        var pixels = new byte[RowsOfSource * Side * Side];
        for (var m = 0; m < RowsOfSource; m++)
        {
            labels[m] = (byte)(m % 3);
            for (var i = 0; i < Side * Side; i++)
                pixels[m * Side * Side + i] = (byte)Math.Clamp((i / Side / 2 == labels[m] ? 150 : 70) + random.Next(-69, 100), 1, 255);
        }
        _folder.Write($"rows/{tenant}/{day}-images", IdxFile.Images(RowsOfSource, Side, Side, pixels));
        _folder.Write($"rows/{tenant}/{day}-labels", IdxFile.Labels(labels));
    }
}
