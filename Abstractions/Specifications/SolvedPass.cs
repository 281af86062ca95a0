using ExplicitCluster.Abstractions.Reduction;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A pass of expectation maximisation whose statistics are merged.</summary>
/// <param name="Merged">Its statistics in the store, by sub-classes.</param>
/// <param name="StatisticsSha256">SHA-256 of their content.</param>
[GenerateSerializer, Immutable, Alias("explicit.SolvedPass")]
public sealed record SolvedPass(
    [property: Id(0)] MergedStatistics Merged,
    [property: Id(1)] string StatisticsSha256);
