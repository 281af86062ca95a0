using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>An evaluation as sums of integers (see Numerics' Evaluation); evaluations of disjoint rows add up.</summary>
[GenerateSerializer, Immutable, Alias("explicit.EvaluationCounts")]
public sealed record EvaluationCounts(
    [property: Id(0)] Int128 Loss,
    [property: Id(1)] ImmutableArray<long> Confusion,
    [property: Id(2)] ImmutableArray<long> BinRows,
    [property: Id(3)] ImmutableArray<long> BinCorrect,
    [property: Id(4)] ImmutableArray<Int128> BinConfidence)
{
    /// <summary>Rows whose label is no class.</summary>
    [Id(5)] public long UnknownRows { get; init; }
}
