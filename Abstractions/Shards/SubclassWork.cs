using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>How rows are told into sub-classes: all that theirs depend on beside the rows.</summary>
/// <param name="Count">Sub-classes a label.</param>
/// <param name="Seed">Of the hash that rows begin by.</param>
/// <param name="Alpha">Smoothing of the counts of a pass.</param>
/// <param name="Passes">The passes before, the start first; empty at the start.</param>
[GenerateSerializer, Immutable, Alias("explicit.SubclassWork")]
public sealed record SubclassWork(
    [property: Id(0)] int Count,
    [property: Id(1)] long Seed,
    [property: Id(2)] double Alpha,
    [property: Id(3)] ImmutableArray<SolvedPass> Passes);
