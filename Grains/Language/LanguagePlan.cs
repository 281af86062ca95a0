using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Grains.Language;

/// <summary>What the plan stage of a language model found: the sources, and the work on every shard.</summary>
internal sealed record LanguagePlan(ImmutableArray<SourceManifest> Sources, ImmutableArray<LanguageShardWork> Train, ImmutableArray<LanguageShardWork> Test)
{
    /// <summary>Which blocks of the sources are learned from; null where rows are documents, whose sources say it themselves.</summary>
    public RowSplit? Split => Train[0].Split;

    /// <summary>The share of all rows that the largest shard has.</summary>
    public double LargestShare => (double)Train.Max(work => work.Shard.Rows) / Train.Sum(work => (long)work.Shard.Rows);

    /// <summary>Sources as they are opened: where blocks of tokens are split, all rows are read.</summary>
    public static ImmutableArray<SourceSpecification> SourcesOf(ImmutableArray<SourceSpecification> sources, TokenSpecification tokens) =>
        tokens.Block == 0 ? sources : [.. sources.Select(source => source with { Split = null })];

    /// <summary>The shards of sources.</summary>
    public static ImmutableArray<LanguageShardWork> WorkOf(
        ImmutableArray<SourceManifest> sources, ImmutableArray<SourceSpecification> specified, TokenSpecification tokens, int shardRows) =>
        [.. ShardPlan.Cut(sources, shardRows).Select(shard => new LanguageShardWork(sources[shard.Source], shard, tokens)
        {
            Split = tokens.Block == 0 ? null : specified[shard.Source].Split,
        })];

    /// <summary>Shards of blocks, with the number of the first token of each; their names say all that decides their documents.</summary>
    public static ImmutableArray<LanguageShardWork> Numbered(ImmutableArray<LanguageShardWork> works, IReadOnlyList<long> tokens)
    {
        var numbered = ImmutableArray.CreateBuilder<LanguageShardWork>(works.Length);
        var (number, source) = (0L, -1);
        for (var i = 0; i < works.Length; i++)
        {
            number = works[i].Shard.Source == source ? number : 0;
            source = works[i].Shard.Source;
            var removed = string.Join(',', works[i].Source.Specification.Removed.Select(rows => FormattableString.Invariant($"{rows.First}-{rows.Last}")));
            var key = SpecificationHash.Sha256(FormattableString.Invariant($"{works[i].Shard.Hash} from token {number} removed {removed}"));
            numbered.Add(works[i] with { FirstToken = number, Key = key });
            number += tokens[i];
        }
        return numbered.MoveToImmutable();
    }
}
