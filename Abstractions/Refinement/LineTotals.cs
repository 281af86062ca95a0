namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>Loss of some rows at a point of a line and its two derivatives along it, summed in units of 2^-20.</summary>
[GenerateSerializer, Immutable, Alias("explicit.LineTotals")]
public readonly record struct LineTotals(
    [property: Id(0)] long Loss,
    [property: Id(1)] long Gradient,
    [property: Id(2)] long Curvature);
