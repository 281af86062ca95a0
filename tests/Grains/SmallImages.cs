using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A few hundred made-up images of three classes, as gzip IDX files, and specifications over them.</summary>
public sealed class SmallImages : IDisposable
{
    public const int Side = 8;
    public const int Train = 700;
    public const int Test = 150;

    private readonly TemporaryFolder _folder = new();
    private byte[] _trainLabels = [];
    private byte[] _trainPixels = [];

    private readonly double _wrong;

    public SmallImages() : this(0)
    {
    }

    /// <param name="wrong">Share of labels that are wrong: what no model can learn.</param>
    public SmallImages(double wrong)
    {
        _wrong = wrong;
        var random = new Random(42);
        Write(random, "train", Train);
        Write(random, "test", Test);
    }

    public string Store => _folder["store"];

    public string this[string name] => _folder[name];

    public SourceSpecification TrainSource => SourceOf("train");

    public SourceSpecification TestSource => SourceOf("test");

    public static FeatureMapSpecification Pixels { get; } = new() { Map = FeatureMapKind.Pixels };

    public static FeatureMapSpecification Patches { get; } = new() { Map = FeatureMapKind.Patches, Width = 3, Height = 3, Levels = [32, 128], Stride = 2 };

    public static FeatureMapSpecification Bins { get; } = new() { Map = FeatureMapKind.Bins, Levels = [60, 120] };

    public static FeatureMapSpecification Orientations { get; } = new()
    {
        Map = FeatureMapKind.Orientations,
        Cell = 3,
        Stride = 2,
        Bins = 8,
        Thresholds = [4, 16],
        Shapes = [new CellShape(1, 2), new CellShape(2, 1)],
    };

    public JobSpecification Specification(params ImmutableArray<FeatureMapSpecification> features) => new()
    {
        Name = "small",
        Data = new DataSpecification { Train = [TrainSource], Test = [TestSource], ShardRows = 100 },
        Features = features,
        Solve = new SolveSpecification { Alpha = [.01] },
    };

    /// <summary>The training rows as a source that never had some of them.</summary>
    public SourceSpecification Without(string name, IEnumerable<RemovedRows> removed)
    {
        int[] left = [.. Enumerable.Range(0, Train).Where(row => !removed.Any(rows => rows.First <= row && row <= rows.Last))];
        _folder.Write($"{name}-images.gz", Gzip.Of(IdxFile.Images(left.Length, Side, Side, [.. left.SelectMany(row => _trainPixels.Skip(row * Side * Side).Take(Side * Side))])));
        _folder.Write($"{name}-labels", IdxFile.Labels([.. left.Select(row => _trainLabels[row])]));
        return SourceOf(name);
    }

    /// <summary>The training rows with other labels.</summary>
    public SourceSpecification Relabelled(string name, IEnumerable<int> labels)
    {
        _folder.Write($"{name}-images.gz", Gzip.Of(IdxFile.Images(Train, Side, Side, _trainPixels)));
        _folder.Write($"{name}-labels", IdxFile.Labels([.. labels.Select(label => (byte)label)]));
        return SourceOf(name);
    }

    /// <summary>Every training row of a label, each a range of its own.</summary>
    public RemovedRows[] RowsOf(byte label) => [.. Enumerable.Range(0, Train).Where(row => _trainLabels[row] == label).Select(row => new RemovedRows(row, row))];

    public void Dispose() => _folder.Dispose();

    private SourceSpecification SourceOf(string part) => new() { Format = SourceFormat.Idx, Images = _folder[$"{part}-images.gz"], Labels = _folder[$"{part}-labels"] };

    private void Write(Random random, string part, int rows)
    {
        var labels = new byte[rows];
        var pixels = new byte[rows * Side * Side];
        for (var m = 0; m < rows; m++)
        {
            labels[m] = (byte)random.Next(3);
            for (var i = 0; i < Side * Side; i++)
            {
                var bright = i / Side / 3 == labels[m] ? 200 : 40;
                pixels[m * Side * Side + i] = (byte)Math.Clamp(bright + random.Next(-90, 91), 0, 255);
            }
        }
        foreach (ref var label in labels.AsSpan(0, _wrong > 0 ? rows : 0))
            label = random.NextDouble() < _wrong ? (byte)random.Next(3) : label;
        if (part == "train")
            (_trainLabels, _trainPixels) = (labels, pixels);
        _folder.Write($"{part}-images.gz", Gzip.Of(IdxFile.Images(rows, Side, Side, pixels)));
        _folder.Write($"{part}-labels", IdxFile.Labels(labels));
    }
}
