using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Bench;

/// <summary>Feature maps of images that jobs are timed with.</summary>
internal static class BenchFeatures
{
    /// <summary>3 x 3 and 2 x 2 patches: much counting for little arithmetic, in tables far larger than a cache.</summary>
    public static ImmutableArray<FeatureMapSpecification> Patches { get; } =
    [
        new FeatureMapSpecification { Map = FeatureMapKind.Patches, Width = 3, Height = 3, Levels = [32, 128], Stride = 2 },
        new FeatureMapSpecification { Map = FeatureMapKind.Patches, Width = 2, Height = 2, Levels = [32, 96, 160] },
    ];

    /// <summary>Those of examples/fashion-sweeps.yaml: 2 x 2 patches and pairs and fours of cells of orientations.</summary>
    public static ImmutableArray<FeatureMapSpecification> Orientations { get; } =
    [
        new FeatureMapSpecification { Map = FeatureMapKind.Patches, Width = 2, Height = 2, Levels = [16, 80, 160] },
        Cells(4, 2, 8, 2, new CellShape(1, 2), new CellShape(2, 1)),
        Cells(5, 2, 4, 3, new CellShape(2, 2)),
        Cells(3, 1, 8, 3, new CellShape(1, 2), new CellShape(2, 1)),
    ];

    private static FeatureMapSpecification Cells(int cell, int stride, int bins, int distance, params ImmutableArray<CellShape> shapes) => new()
    {
        Map = FeatureMapKind.Orientations,
        Cell = cell,
        Stride = stride,
        Bins = bins,
        Thresholds = [4, 16],
        Shapes = shapes,
        Distance = distance,
    };
}
