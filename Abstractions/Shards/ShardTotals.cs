using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>Totals of one shard; its classes are numbered by its own labels, in ordinal order.</summary>
/// <param name="Labels">Labels of the shard's source.</param>
/// <param name="ClassRows">Rows a label, rows of zero norm left out.</param>
/// <param name="ClassMass">Column sums of F, fixed-point units.</param>
/// <param name="ZeroRows">Rows of zero norm.</param>
/// <param name="Reused">Whether the statistics were in the store already.</param>
[GenerateSerializer, Immutable, Alias("explicit.ShardTotals")]
public sealed record ShardTotals(
    [property: Id(0)] ImmutableArray<string> Labels,
    [property: Id(1)] ImmutableArray<long> ClassRows,
    [property: Id(2)] ImmutableArray<long> ClassMass,
    [property: Id(3)] long ZeroRows,
    [property: Id(4)] bool Reused);
