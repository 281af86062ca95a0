using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Texts;

/// <summary>Loss of temperatures over some rows with its derivatives, in units of 2^-40; sums over disjoint rows add up.</summary>
[GenerateSerializer, Immutable, Alias("explicit.FitSums")]
public sealed record FitSums(
    [property: Id(0)] long Rows,
    [property: Id(1)] Int128 Loss,
    [property: Id(2)] ImmutableArray<Int128> Gradient,
    [property: Id(3)] ImmutableArray<Int128> Curvature);
