namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>What one round or sweep brought.</summary>
/// <param name="Round">From 1.</param>
/// <param name="TrainCrossEntropy">Nats a row over the training rows: of a sweep the mean over its runs, each row's own share left out.</param>
/// <param name="TestCrossEntropy">Nats a row over the test rows, where they were evaluated after the round.</param>
/// <param name="TestAccuracy">Share of test rows that are right.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Step">Of a sweep: the fitted step a block times the blocks of a chunk, mean over runs.</param>
[GenerateSerializer, Immutable, Alias("explicit.RefinementRound")]
public sealed record RefinementRound(
    [property: Id(0)] int Round,
    [property: Id(1)] double TrainCrossEntropy,
    [property: Id(2)] double? TestCrossEntropy,
    [property: Id(3)] double? TestAccuracy,
    [property: Id(4)] double Seconds,
    [property: Id(5)] double? Step)
{
    /// <summary>Nats a row over the held-out rows, where there are any.</summary>
    [Id(6)] public double? HeldOutCrossEntropy { get; init; }

    /// <summary>Of averaging: how the mean lies to the explicit solution.</summary>
    [Id(20)] public ExplicitDistance? ToExplicit { get; init; }

    /// <summary>Of averaging: wall time of the local steps and of their mean, without what measures it.</summary>
    [Id(21)] public double? StepSeconds { get; init; }
}
