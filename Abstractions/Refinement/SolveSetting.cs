namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>The one setting of the explicit solution that refinement starts from.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SolveSetting")]
public sealed record SolveSetting(
    [property: Id(0)] double K,
    [property: Id(1)] double Alpha,
    [property: Id(2)] double Beta);
