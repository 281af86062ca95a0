namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A fold of the rows: those whose hash leaves this remainder (docs/math.md 4).</summary>
/// <param name="Of">Number of folds, at least 2.</param>
/// <param name="Fold">Which, from 0.</param>
[GenerateSerializer, Immutable, Alias("explicit.FoldSpecification")]
public sealed record FoldSpecification(
    [property: Id(0)] int Of,
    [property: Id(1)] int Fold);
