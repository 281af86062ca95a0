using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Abstractions.Texts;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>Which rows, how they are encoded, and the name of their statistics in the store.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ShardWork")]
public sealed record ShardWork(
    [property: Id(0)] SourceManifest Source,
    [property: Id(1)] Shard Shard,
    [property: Id(2)] ImmutableArray<FeatureMapSpecification> Features,
    [property: Id(3)] string StatisticsName)
{
    /// <summary>Whether the rows of the held-out fold are left out.</summary>
    [Id(4)] public bool LeavesOutHeldOut { get; init; }

    /// <summary>How texts become rows; null where rows are numbers.</summary>
    [Id(5)] public TextWork? Text { get; init; }

    /// <summary>A fold whose rows are left out; null for none.</summary>
    [Id(6)] public FoldSpecification? WithoutFold { get; init; }

    /// <summary>Of a layer whose targets are sub-classes: how rows are told into them; null where they are counted by their labels.</summary>
    [Id(7)] public SubclassWork? Subclasses { get; init; }
}
