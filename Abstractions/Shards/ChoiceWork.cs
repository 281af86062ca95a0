using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>What leave-one-out needs beside the rows: the merged statistics, and the grid.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ChoiceWork")]
public sealed record ChoiceWork(
    [property: Id(0)] MergedStatistics Merged,
    [property: Id(1)] SolveSpecification Solve);
