using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>Which rows, how they are encoded, and the name of their statistics in the store.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ShardWork")]
public sealed record ShardWork(
    [property: Id(0)] SourceManifest Source,
    [property: Id(1)] Shard Shard,
    [property: Id(2)] ImmutableArray<FeatureMapSpecification> Features,
    [property: Id(3)] string StatisticsName);

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

/// <summary>What leave-one-out needs beside the rows: the merged statistics, and the grid.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ChoiceWork")]
public sealed record ChoiceWork(
    [property: Id(0)] MergedStatistics Merged,
    [property: Id(1)] SolveSpecification Solve);

/// <summary>Leave-one-out losses of some rows, (alphas, Ks), row-major, in units of 2^-40 nats.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridLosses")]
public sealed record GridLosses(
    [property: Id(0)] long Rows,
    [property: Id(1)] ImmutableArray<Int128> Losses);

/// <summary>An evaluation as sums of integers (see Numerics' Evaluation); evaluations of disjoint rows add up.</summary>
[GenerateSerializer, Immutable, Alias("explicit.EvaluationCounts")]
public sealed record EvaluationCounts(
    [property: Id(0)] Int128 Loss,
    [property: Id(1)] ImmutableArray<long> Confusion,
    [property: Id(2)] ImmutableArray<long> BinRows,
    [property: Id(3)] ImmutableArray<long> BinCorrect,
    [property: Id(4)] ImmutableArray<Int128> BinConfidence);
