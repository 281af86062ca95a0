using System.IO.Compression;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>The jobs whose refinements are disturbed: on the first 6,000 rows of Fashion-MNIST, or on all of them.</summary>
internal static class RefinementJobs
{
    private const int FewRows = 6000;
    private const int Side = 28;
    private const int ImageHeader = 16;
    private const int LabelHeader = 8;

    private static readonly FeatureMapSpecification Windows = new() { Map = FeatureMapKind.Patches, Width = 2, Height = 2, Levels = [16, 80, 160] };

    /// <summary>On all rows, as long as some kills take; features and settings are those of the examples.</summary>
    public static JobSpecification Full(RefineMethod method) => method == RefineMethod.Sweeps
        ? Of(Solution.Large.Specification.Data.Train[0], Windows, OfCells(4, 2, 8, [new(1, 2), new(2, 1)], 2), OfCells(3, 1, 8, [new(1, 2), new(2, 1)], 3)) with
        {
            Compact = 2,
            Refine = new RefineSpecification { Method = method, Sweeps = new SweepSpecification { Sweeps = 3, Average = 2, Stop = false } },
        }
        : Of(Solution.Large.Specification.Data.Train[0], new FeatureMapSpecification { Map = FeatureMapKind.Complement }) with
        {
            Refine = new RefineSpecification { Method = method, Averaging = new AveragingSpecification { Rounds = 60, LearningRate = 0.002 } },
        };

    /// <summary>On the first 6,000 rows, which are written to a folder.</summary>
    public static JobSpecification Small(RefineMethod method, string folder) => Of(First(folder, FewRows), Windows) with
    {
        Compact = 2,
        Refine = new RefineSpecification
        {
            Method = method,
            Workers = 3,
            Sweeps = new SweepSpecification { Sweeps = 3, BlocksPerChunk = 40, Average = 2, Stop = false },
            Averaging = new AveragingSpecification { Rounds = 30, LearningRate = 0.001 },
        },
    };

    /// <summary>The first rows of Fashion-MNIST as a source in a folder.</summary>
    public static SourceSpecification First(string folder, int rows)
    {
        var source = new SourceSpecification { Format = SourceFormat.Idx, Images = Path.Combine(folder, $"images-{rows}"), Labels = Path.Combine(folder, $"labels-{rows}") };
        if (!File.Exists(source.Images))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(source.Images, IdxFile.Images(rows, Side, Side, First(FashionMnist.TrainImages, ImageHeader, rows * Side * Side)));
            File.WriteAllBytes(source.Labels, IdxFile.Labels(First(FashionMnist.TrainLabels, LabelHeader, rows)));
        }
        return source;
    }

    private static JobSpecification Of(SourceSpecification source, params FeatureMapSpecification[] features) => new()
    {
        Name = "refined",
        Data = new DataSpecification { Train = [source] },
        Features = [.. features],
        Solve = new SolveSpecification { K = [4], Alpha = [.01] },
        Evaluate = EvaluateRows.None,
    };

    private static FeatureMapSpecification OfCells(int cell, int stride, int bins, CellShape[] shapes, int distance) => new()
    {
        Map = FeatureMapKind.Orientations,
        Cell = cell,
        Stride = stride,
        Bins = bins,
        Thresholds = [4, 16],
        Shapes = [.. shapes],
        Distance = distance,
    };

    private static byte[] First(string path, int header, int length)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        stream.ReadExactly(new byte[header]);
        var content = new byte[length];
        stream.ReadExactly(content);
        return content;
    }
}
