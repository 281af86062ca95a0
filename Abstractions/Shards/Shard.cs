namespace ExplicitCluster.Abstractions.Shards;

/// <summary>A range of rows within one source: the unit of accumulation.</summary>
/// <param name="Index">Index from 0 among a plan's shards.</param>
/// <param name="Source">Index of the source in the list that the plan was cut from.</param>
/// <param name="FirstRow">First row, from 0 within the source.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Hash">Hex SHA-256 of (source id, first row, rows): what the shard's artifacts are named by.</param>
[GenerateSerializer, Immutable, Alias("explicit.Shard")]
public sealed record Shard(
    [property: Id(0)] int Index,
    [property: Id(1)] int Source,
    [property: Id(2)] long FirstRow,
    [property: Id(3)] int Rows,
    [property: Id(4)] string Hash);
