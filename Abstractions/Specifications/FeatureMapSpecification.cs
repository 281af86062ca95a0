using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>One feature map and its settings.</summary>
[GenerateSerializer, Immutable, Alias("explicit.FeatureMapSpecification")]
public sealed record FeatureMapSpecification
{
    [Id(0)] public required FeatureMapKind Map { get; init; }

    /// <summary>Bins and patches: ascending thresholds; a level is the number of thresholds at or below the value.</summary>
    [Id(1)] public ImmutableArray<double> Levels { get; init; } = [];

    /// <summary>Patches: pixels across.</summary>
    [Id(2)] public int Width { get; init; }

    /// <summary>Patches: pixels down.</summary>
    [Id(3)] public int Height { get; init; }

    /// <summary>Patches and orientations: pixels between neighbouring window positions or cells.</summary>
    [Id(4)] public int Stride { get; init; } = 1;

    /// <summary>Orientations: pixels across and down of a cell.</summary>
    [Id(5)] public int Cell { get; init; }

    /// <summary>Orientations: 8 directions, or 4 where opposite ones are one.</summary>
    [Id(6)] public int Bins { get; init; }

    /// <summary>Orientations: grey levels a pixel from which a cell is weak, and from which it is strong.</summary>
    [Id(7)] public ImmutableArray<double> Thresholds { get; init; } = [];

    /// <summary>Orientations: the cells of a block; blocks of the first shape come first.</summary>
    [Id(8)] public ImmutableArray<CellShape> Shapes { get; init; } = [];

    /// <summary>Orientations: cells between neighbours in a block.</summary>
    [Id(9)] public int Distance { get; init; } = 1;

    /// <summary>Layer: its number from 1, the lowest.</summary>
    [Id(10)] public int Number { get; init; }

    /// <summary>Layer: what its activations depend on, once it is solved.</summary>
    [Id(11)] public SolvedLayer? Solved { get; init; }
}
