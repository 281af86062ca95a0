using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>The work on one shard of a grid, keyed by <c>job/part/index</c>: pure functions of what the store holds, as those of <see cref="IShardGrain"/>.</summary>
[Alias("explicit.IGridShardGrain")]
public interface IGridShardGrain : IGrainWithStringKey
{
    /// <summary>Counts the shard's rows, each fold's and all of them, unless that is done; one reading for all units. Gives (units, folds) totals, row-major.</summary>
    [Alias("Accumulate"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<ShardTotals>> AccumulateAsync(GridShardWork work, CancellationToken cancellationToken = default);

    /// <summary>Scores the shard's rows under every setting, each row left out and with its fold left out; one reading for all units. Gives sums a unit.</summary>
    [Alias("Score"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<GridLossSums>> ScoreAsync(GridShardWork work, GridScoring scoring, CancellationToken cancellationToken = default);
}
