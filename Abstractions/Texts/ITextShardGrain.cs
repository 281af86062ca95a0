using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Texts;

/// <summary>
/// The work on one shard of texts of one job, keyed by <c>job/part/index</c>. Every method is a pure function of what the store holds and of its arguments: it may be
/// called again, anywhere, and gives the same answer. What a silo keeps in memory between calls only saves time.
/// </summary>
[Alias("explicit.ITextShardGrain")]
public interface ITextShardGrain : IGrainWithStringKey
{
    /// <summary>Counts the rows of every feature into the artifact that the work names, unless that exists already.</summary>
    [Alias("CountFeatures"), ResponseTimeout("12:00:00")]
    Task CountFeaturesAsync(ShardWork work, CancellationToken cancellationToken = default);

    /// <summary>Counts the shard's rows into its statistics artifact, unless that exists already, and returns its totals.</summary>
    [Alias("Accumulate"), ResponseTimeout("12:00:00")]
    Task<ShardTotals> AccumulateAsync(ShardWork work, CancellationToken cancellationToken = default);

    /// <summary>Scores the shard's held-out rows under a grid of K and alpha.</summary>
    [Alias("Choose"), ResponseTimeout("12:00:00")]
    Task<GridLosses> ChooseAsync(ShardWork work, ChoiceWork choice, CancellationToken cancellationToken = default);

    /// <summary>Loss of the last layer's temperatures and its derivatives, every row left out of the counts.</summary>
    [Alias("Sum"), ResponseTimeout("12:00:00")]
    Task<FitSums> SumAsync(ShardWork work, FitWork fit, ImmutableArray<double> temperatures, CancellationToken cancellationToken = default);

    /// <summary>Left-out loss of all layers, each with its temperatures, in units of 2^-40; writes what they expect where <paramref name="expectedName"/> is not null.</summary>
    [Alias("Expect"), ResponseTimeout("12:00:00")]
    Task<Int128> ExpectAsync(ShardWork work, FitWork fit, string? expectedName, CancellationToken cancellationToken = default);

    /// <summary>Evaluates a published model on the shard's rows.</summary>
    [Alias("Evaluate"), ResponseTimeout("12:00:00")]
    Task<EvaluationCounts> EvaluateAsync(ShardWork work, string model, CancellationToken cancellationToken = default);
}
