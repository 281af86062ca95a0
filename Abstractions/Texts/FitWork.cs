using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Texts;

/// <summary>The layers so far. A function of the store's content and of what is in here, so that any silo can go on from it.</summary>
/// <param name="Merged">The merged statistics.</param>
/// <param name="Settings">Smoothing and scale.</param>
/// <param name="Layers">Layers in order; the last one's temperatures may be missing.</param>
[GenerateSerializer, Immutable, Alias("explicit.FitWork")]
public sealed record FitWork(
    [property: Id(0)] MergedStatistics Merged,
    [property: Id(1)] TemperatureSpecification Settings,
    [property: Id(2)] ImmutableArray<FitLayer> Layers);
