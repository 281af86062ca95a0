using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Curves;

/// <summary>The work on one shard of a curve's test rows, keyed by <c>job/part/index</c>: a pure function of what the store holds.</summary>
[Alias("explicit.ICurveShardGrain")]
public interface ICurveShardGrain : IGrainWithStringKey
{
    /// <summary>Evaluates the solution of every point on the shard's rows, in one reading.</summary>
    [Alias("Evaluate"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<EvaluationCounts>> EvaluateAsync(ShardWork work, CurveScoring scoring, CancellationToken cancellationToken = default);
}
