using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;

namespace ExplicitCluster.Abstractions.Mixed;

/// <summary>What the K of groups are fitted with beside the rows.</summary>
/// <param name="Groups">The merged statistics of each group.</param>
/// <param name="Alpha">Candidates for alpha, each above 0.</param>
/// <param name="Beta">Smoothing of the class prior.</param>
[GenerateSerializer, Immutable, Alias("explicit.MixedWork")]
public sealed record MixedWork(
    [property: Id(0)] ImmutableArray<MergedStatistics> Groups,
    [property: Id(1)] ImmutableArray<double> Alpha,
    [property: Id(2)] double Beta);
