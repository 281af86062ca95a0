using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Two models, what their jobs reported, and how far their weights are apart.</summary>
/// <param name="Left">The first model.</param>
/// <param name="LeftResult">What its job reported; null where the record is gone.</param>
/// <param name="Right">The second model.</param>
/// <param name="RightResult">What its job reported.</param>
/// <param name="Movement">From the first to the second; null where they cannot be compared.</param>
/// <param name="NotCompared">Why not; null where they can.</param>
internal sealed record ModelComparison(
    TrainedModel Left, JobResult? LeftResult, TrainedModel Right, JobResult? RightResult, WeightMovement? Movement, string? NotCompared)
{
    /// <summary>Shards that came and went, and the counts that they moved; null where it was not asked for.</summary>
    public CountMovement? Counts { get; init; }
}
