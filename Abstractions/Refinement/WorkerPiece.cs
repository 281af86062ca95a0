using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>A shard and the number of its first row among all rows.</summary>
[GenerateSerializer, Immutable, Alias("explicit.WorkerPiece")]
public sealed record WorkerPiece(
    [property: Id(0)] ShardWork Work,
    [property: Id(1)] long Start);
