using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A layer whose statistics are merged: all that its activations depend on.</summary>
/// <param name="Number">From 1, the lowest.</param>
/// <param name="Settings">Its settings, with one K and one alpha; layers that it stands on are solved as well.</param>
/// <param name="Merged">Its statistics in the store.</param>
/// <param name="StatisticsSha256">SHA-256 of their content.</param>
[GenerateSerializer, Immutable, Alias("explicit.SolvedLayer")]
public sealed record SolvedLayer(
    [property: Id(0)] int Number,
    [property: Id(1)] LayerSpecification Settings,
    [property: Id(2)] MergedStatistics Merged,
    [property: Id(3)] string StatisticsSha256)
{
    /// <summary>Of sub-classes: the passes before <see cref="Merged"/>, the start first. New rows do not need them; training rows are told into sub-classes by them.</summary>
    [Id(4)] public ImmutableArray<SolvedPass> Passes { get; init; } = [];

    /// <summary>Of a layer over texts: artifact of the features that were kept; null for others.</summary>
    [Id(5)] public string? Vocabulary { get; init; }

    /// <summary>SHA-256 of that.</summary>
    [Id(6)] public string? VocabularySha256 { get; init; }

    /// <summary>Artifact that says how far a refinement moved its table; null for the explicit solution.</summary>
    [Id(8)] public string? Moves { get; init; }

    /// <summary>SHA-256 of that.</summary>
    [Id(9)] public string? MovesSha256 { get; init; }

    /// <summary>Of sweeps: how far a block moved in the mean; by it a training row is left out of what moved.</summary>
    [Id(10)] public double Step { get; init; }
}
