using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>The documents of a shard of texts.</summary>
/// <param name="Source">The source.</param>
/// <param name="Shard">Its rows.</param>
/// <param name="Tokens">How they become tokens.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageShardWork")]
public sealed record LanguageShardWork(
    [property: Id(0)] SourceManifest Source,
    [property: Id(1)] Shard Shard,
    [property: Id(2)] TokenSpecification Tokens)
{
    /// <summary>Where documents are blocks: number of the shard's first token among those of its source. Blocks that start in the shard are its own.</summary>
    [Id(3)] public long FirstToken { get; init; }

    /// <summary>Where documents are blocks: which blocks count, by their numbers; all where absent.</summary>
    [Id(4)] public RowSplit? Split { get; init; }

    /// <summary>What of the shard decides its documents, for names of artifacts.</summary>
    [Id(5)] public string Key { get; init; } = Shard.Hash;
}
