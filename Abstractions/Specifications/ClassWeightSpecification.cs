using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Weights of classes in the solve (docs/math.md 2): every class as if its rows had the weight.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ClassWeightSpecification")]
public sealed record ClassWeightSpecification
{
    /// <summary>Whether every class gets the weight with which all have the same evidence.</summary>
    [Id(0)] public bool IsBalanced { get; init; }

    /// <summary>Weights of some labels, above 0; the others weigh 1.</summary>
    [Id(1)] public ImmutableArray<LabelWeight> Weights { get; init; } = [];
}
