using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>What a worker's round brought.</summary>
/// <param name="Rows">Training rows in the loss.</param>
/// <param name="Loss">Sum of -log p(label), nats, in units of 2^-40.</param>
/// <param name="Diverged">Whether a loss was not a number or infinite.</param>
/// <param name="Test">The worker's test rows under the mean; null where there are none.</param>
[GenerateSerializer, Immutable, Alias("explicit.RoundTotals")]
public sealed record RoundTotals(
    [property: Id(0)] long Rows,
    [property: Id(1)] Int128 Loss,
    [property: Id(2)] bool Diverged,
    [property: Id(3)] EvaluationCounts? Test)
{
    /// <summary>The worker's held-out rows.</summary>
    [Id(4)] public long HeldOutRows { get; init; }

    /// <summary>As <see cref="Loss"/>, of the held-out rows under the mean.</summary>
    [Id(5)] public Int128 HeldOutLoss { get; init; }

    /// <summary>How the mean lies to the explicit solution: of the first worker alone, since all have the same.</summary>
    [Id(20)] public ExplicitDistance? ToExplicit { get; init; }

    /// <summary>Wall time until the mean was there.</summary>
    [Id(21)] public double StepSeconds { get; init; }
}
