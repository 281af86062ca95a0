using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;

namespace ExplicitCluster.Abstractions.Curves;

/// <summary>The merged statistics of every point of a curve, and what turns them into weights.</summary>
[GenerateSerializer, Immutable, Alias("explicit.CurveScoring")]
public sealed record CurveScoring(
    [property: Id(0)] ImmutableArray<MergedStatistics> Points,
    [property: Id(1)] double K,
    [property: Id(2)] double Alpha,
    [property: Id(3)] double Beta);
