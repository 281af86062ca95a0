using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Models;

/// <summary>Where a model comes from.</summary>
public sealed record ModelLineage
{
    public required string Job { get; init; }
    public required long Rows { get; init; }
    public required long ZeroRows { get; init; }

    /// <summary>How K and alpha were come by, e.g. "given" or "leave-one-out on the training rows".</summary>
    public required string ChosenBy { get; init; }
    public required ImmutableArray<GridPoint> Choice { get; init; }

    /// <summary>The merged statistics that the weights were solved from.</summary>
    public required MergedStatistics Statistics { get; init; }
    public required ImmutableArray<LineageSource> Sources { get; init; }
    public required ImmutableArray<LineageShard> Shards { get; init; }

    /// <summary>How the sources were chosen from more; null where nothing was left out.</summary>
    public SliceSpecification? Slice { get; init; }

    /// <summary>SHA-256 of a vocabulary that was taken from an earlier model; null where the training rows gave it.</summary>
    public string? FrozenVocabulary { get; init; }

    /// <summary>What refined the explicit solution; a refined model is no sum of its shards any more. Null where nothing did.</summary>
    public ModelRefinement? Refinement { get; init; }
}
