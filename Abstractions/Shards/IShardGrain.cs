namespace ExplicitCluster.Abstractions.Shards;

/// <summary>
/// The work on one shard of one job, keyed by <c>job/part/index</c>. Every method is a pure function of what the store holds: it may be called
/// again, anywhere, and gives the same answer.
/// </summary>
[Alias("explicit.IShardGrain")]
public interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Counts the shard's rows into its statistics artifact, unless that exists already, and returns its totals.</summary>
    [Alias("Accumulate"), ResponseTimeout("12:00:00")]
    Task<ShardTotals> AccumulateAsync(ShardWork work, CancellationToken cancellationToken = default);

    /// <summary>Scores the shard's rows, each left out, under a grid of K and alpha.</summary>
    [Alias("Choose"), ResponseTimeout("12:00:00")]
    Task<GridLosses> ChooseAsync(ShardWork work, ChoiceWork choice, CancellationToken cancellationToken = default);

    /// <summary>Evaluates a published model on the shard's rows.</summary>
    [Alias("Evaluate"), ResponseTimeout("12:00:00")]
    Task<EvaluationCounts> EvaluateAsync(ShardWork work, string model, CancellationToken cancellationToken = default);
}
