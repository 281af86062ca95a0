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

    /// <summary>Patches: pixels between neighbouring window positions.</summary>
    [Id(4)] public int Stride { get; init; } = 1;
}
