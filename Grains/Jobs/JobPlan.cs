using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>What the plan stage found: the sources, how their rows are encoded, and the work on every shard.</summary>
internal sealed record JobPlan(
    string SpecificationHash,
    ImmutableArray<SourceManifest> Sources,
    RowEncoder Encoder,
    ImmutableArray<ShardWork> Train,
    ImmutableArray<ShardWork> Test)
{
    /// <summary>The feature maps of the rows, with layers below as they were solved.</summary>
    public ImmutableArray<FeatureMapSpecification> Features { get; init; } = [];

    /// <summary>The layers below.</summary>
    public ImmutableArray<SolvedLayer> Layers { get; init; } = [];

    /// <summary>The layer that this is the plan of; null for the top.</summary>
    public LayerSpecification? Layer { get; init; }

    /// <summary>Of a layer whose targets are sub-classes: how its rows are told into them.</summary>
    public SubclassWork? Subclasses { get; init; }

    /// <summary>Of texts: the features that are kept.</summary>
    public StoredVocabulary? Vocabulary { get; init; }

    /// <summary>Training rows that count.</summary>
    public long Rows { get; } = Train.Sum(work => (long)work.Shard.Rows);

    /// <summary>Labels of all training sources in ordinal order, those included of which every row is removed: the reduction tells which these are.</summary>
    public ImmutableArray<string> Labels { get; } =
        [.. Sources.SelectMany(source => source.Labels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
