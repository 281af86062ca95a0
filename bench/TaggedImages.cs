using System.Buffers.Binary;

namespace ExplicitCluster.Bench;

/// <summary>
/// The 60,000 training images as 1,000 sources of 60 rows, a hundred days of ten tenants, in files that say so, with two specifications: over all of them, and over those of one
/// tenant alone. What a slice must equal, and how long it takes, is seen by running both.
/// </summary>
internal static class TaggedImages
{
    private const int Tenants = 10;
    private const int Days = 100;
    private const int Side = 28;
    private const int RowsOfSource = BenchData.Rows / Tenants / Days;

    public static int Write(string folder)
    {
        var data = BenchData.Load(BenchData.DefaultFolder);
        for (var source = 0; source < Tenants * Days; source++)
        {
            var (first, rows) = (source * RowsOfSource, Path.Combine(folder, "rows", $"{source % Tenants}"));
            Directory.CreateDirectory(rows);
            var images = Header(0x803, RowsOfSource, Side, Side);
            var labels = Header(0x801, RowsOfSource);
            var day = Path.Combine(rows, $"{source / Tenants:00}");
            File.WriteAllBytes($"{day}-images", [.. images, .. data.Images.AsSpan(first * BenchData.Columns, RowsOfSource * BenchData.Columns)]);
            File.WriteAllBytes($"{day}-labels", [.. labels, .. data.Labels.AsSpan(first, RowsOfSource).ToArray().Select(label => (byte)label)]);
        }
        File.WriteAllText(Path.Combine(folder, "all.yaml"), Specification("{tenant}"));
        File.WriteAllText(Path.Combine(folder, "tenant-3.yaml"), Specification("3"));
        Console.WriteLine($"{Tenants * Days} sources of {RowsOfSource} rows of {data.Name} in {folder}: all.yaml, and tenant-3.yaml for those of one tenant alone");
        return 0;
    }

    private static string Specification(string tenant) => $$"""
        name: slices
        data:
          train: { format: idx, images: "rows/{{tenant}}/{day}-images", labels: "rows/{{tenant}}/{day}-labels" }
        features: { map: patches, width: 3, height: 3, levels: [32, 128], stride: 2 }
        solve: { k: 4, alpha: 0.01 }
        evaluate: none

        """;

    private static byte[] Header(params int[] numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        return bytes;
    }
}
