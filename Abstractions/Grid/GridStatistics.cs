using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>The merged statistics of a unit: of all rows, and of each fold's.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridStatistics")]
public sealed record GridStatistics(
    [property: Id(0)] MergedStatistics Whole,
    [property: Id(1)] ImmutableArray<MergedStatistics> Folds);
