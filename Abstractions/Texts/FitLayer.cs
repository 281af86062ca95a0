using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;

namespace ExplicitCluster.Abstractions.Texts;

/// <summary>One layer of a solution by groups.</summary>
/// <param name="Expected">What the layers before it expect, merged, in units of 2^-30; null for the first layer.</param>
/// <param name="Temperatures">A temperature a slot; empty while they are sought.</param>
[GenerateSerializer, Immutable, Alias("explicit.FitLayer")]
public sealed record FitLayer(
    [property: Id(0)] MergedStatistics? Expected,
    [property: Id(1)] ImmutableArray<double> Temperatures);
