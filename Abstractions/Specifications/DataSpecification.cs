using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>The sources of a job and how they are cut into shards.</summary>
[GenerateSerializer, Immutable, Alias("explicit.DataSpecification")]
public sealed record DataSpecification
{
    public const int DefaultShardRows = 8192;

    /// <summary>Sources whose rows are learned from, in order.</summary>
    [Id(0)] public required ImmutableArray<SourceSpecification> Train { get; init; }

    /// <summary>Sources whose rows are only evaluated; may be empty.</summary>
    [Id(1)] public ImmutableArray<SourceSpecification> Test { get; init; } = [];

    /// <summary>Most rows in a shard; a shard never crosses sources. Never changes a result.</summary>
    [Id(2)] public int ShardRows { get; init; } = DefaultShardRows;

    /// <summary>A fold of the training rows that nothing is learned from; null for none.</summary>
    [Id(3)] public FoldSpecification? WithoutFold { get; init; }
}
