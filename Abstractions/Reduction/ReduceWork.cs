using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>Sum one tile over the shards, in this order, under one numbering of the labels.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ReduceWork")]
public sealed record ReduceWork(
    [property: Id(0)] ImmutableArray<string> ShardStatistics,
    [property: Id(1)] MergedStatistics Merged,
    [property: Id(2)] int TileIndex);
