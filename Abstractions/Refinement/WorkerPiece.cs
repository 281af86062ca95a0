using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>Some consecutive rows of a shard.</summary>
/// <param name="Work">The shard.</param>
/// <param name="Skip">Rows of the shard before them.</param>
/// <param name="Rows">Their number.</param>
[GenerateSerializer, Immutable, Alias("explicit.WorkerPiece")]
public sealed record WorkerPiece(
    [property: Id(0)] ShardWork Work,
    [property: Id(1)] int Skip,
    [property: Id(2)] int Rows);
