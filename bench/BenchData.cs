using System.IO.Compression;

namespace ExplicitCluster.Bench;

/// <summary>60,000 rows of 784 bytes and their labels: Fashion-MNIST's training images where they are installed, random bytes elsewhere.</summary>
internal sealed record BenchData(string Name, byte[] Images, int[] Labels)
{
    public const int Rows = 60_000;
    public const int TestRows = 10_000;
    public const int Columns = 784;
    public const int Classes = 10;

    /// <summary>Where Debian's package dataset-fashion-mnist puts the files.</summary>
    public const string DefaultFolder = "/usr/share/datasets/fashion-mnist";

    private const int ImageHeader = 16;
    private const int LabelHeader = 8;

    public static BenchData Load(string folder)
    {
        var images = Path.Combine(folder, "train-images-idx3-ubyte.gz");
        var labels = Path.Combine(folder, "train-labels-idx1-ubyte.gz");
        if (!File.Exists(images) || !File.Exists(labels))
            return Random();
        var pixels = Read(images, ImageHeader, Rows * Columns);
        return new BenchData("Fashion-MNIST", pixels, Array.ConvertAll(Read(labels, LabelHeader, Rows), label => (int)label));
    }

    /// <summary>The 10,000 test images.</summary>
    /// <exception cref="FileNotFoundException">Fashion-MNIST is not installed.</exception>
    public static BenchData LoadTest(string folder)
    {
        var pixels = Read(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"), ImageHeader, TestRows * Columns);
        var labels = Read(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"), LabelHeader, TestRows);
        return new BenchData("Fashion-MNIST, test", pixels, Array.ConvertAll(labels, label => (int)label));
    }

    private static byte[] Read(string path, int header, int length)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        stream.ReadExactly(new byte[header]);
        var data = new byte[length];
        stream.ReadExactly(data);
        return data;
    }

    private static BenchData Random()
    {
        var random = new Random(1);
        var pixels = new byte[Rows * Columns];
        random.NextBytes(pixels);
        var labels = new int[Rows];
        for (var row = 0; row < Rows; row++)
            labels[row] = random.Next(Classes);
        return new BenchData("random bytes (Fashion-MNIST is not installed)", pixels, labels);
    }
}
