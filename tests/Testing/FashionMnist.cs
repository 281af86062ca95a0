namespace ExplicitCluster.Testing;

/// <summary>Where Debian's package dataset-fashion-mnist puts its files.</summary>
public static class FashionMnist
{
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    public static string TrainImages => Required("train-images-idx3-ubyte.gz");

    public static string TrainLabels => Required("train-labels-idx1-ubyte.gz");

    public static string TestImages => Required("t10k-images-idx3-ubyte.gz");

    public static string TestLabels => Required("t10k-labels-idx1-ubyte.gz");

    private static string Required(string name)
    {
        var path = Path.Combine(Folder, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is missing and this test needs it. Install Debian's package: apt-get install dataset-fashion-mnist", path);
    }
}
