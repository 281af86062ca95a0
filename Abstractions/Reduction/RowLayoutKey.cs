using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>What determines the layout of an encoded row: the feature maps and the shape of a raw row.</summary>
[GenerateSerializer, Immutable, Alias("explicit.RowLayoutKey")]
public sealed record RowLayoutKey(
    [property: Id(0)] ImmutableArray<FeatureMapSpecification> Features,
    [property: Id(1)] int Columns,
    [property: Id(2)] int Width,
    [property: Id(3)] int Height,
    [property: Id(4)] bool IsBytes)
{
    /// <summary>Whether every map is a group of its own.</summary>
    [Id(5)] public bool ByGroup { get; init; }
}
