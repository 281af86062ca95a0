using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Mixed;

/// <summary>
/// The fit of K on one shard of mixed rows of one job, keyed by <c>job/part/index</c>. A pure function of what the store holds and of its arguments: it may be called
/// again, anywhere, and gives the same answer. The scores that a silo keeps in memory between calls only save time.
/// </summary>
[Alias("explicit.IMixedShardGrain")]
public interface IMixedShardGrain : IGrainWithStringKey
{
    /// <summary>Loss of each trial and its derivatives, every row left out of the counts. Without trials the scores are let go of.</summary>
    [Alias("Sum"), ResponseTimeout("12:00:00")]
    Task<MixedSums> SumAsync(ShardWork work, MixedWork mixed, ImmutableArray<MixedTrial> trials, CancellationToken cancellationToken = default);
}
