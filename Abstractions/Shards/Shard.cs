namespace ExplicitCluster.Abstractions.Shards;

/// <summary>A range of rows within one source, without the rows removed from it: the unit of accumulation.</summary>
/// <param name="Index">Index from 0 among the cuts of a plan's sources; those of which no row is left have no shard.</param>
/// <param name="Source">Index of the source in the list that the plan was cut from.</param>
/// <param name="FirstRow">First row that counts, from 0 within the source.</param>
/// <param name="Rows">Number of rows that count.</param>
/// <param name="Hash">Hex SHA-256 of the source id and the ranges of rows that count: what the shard's artifacts are named by.</param>
/// <param name="LastRow">Last row that counts; between the first and it count all that the source's specification does not remove.</param>
[GenerateSerializer, Immutable, Alias("explicit.Shard")]
public sealed record Shard(
    [property: Id(0)] int Index,
    [property: Id(1)] int Source,
    [property: Id(2)] long FirstRow,
    [property: Id(3)] int Rows,
    [property: Id(4)] string Hash,
    [property: Id(5)] long LastRow);
