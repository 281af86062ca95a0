using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>Where an averaging began, and what its parameters were worth there.</summary>
[GenerateSerializer, Immutable, Alias("explicit.RefinementStart")]
public sealed record RefinementStart
{
    [Id(0)] public required AveragingStart Start { get; init; }

    /// <summary>Nats a training row.</summary>
    [Id(1)] public required double TrainCrossEntropy { get; init; }

    /// <summary>Nats a test row, where there are any.</summary>
    [Id(2)] public double? TestCrossEntropy { get; init; }

    /// <summary>Share of test rows that are right.</summary>
    [Id(3)] public double? TestAccuracy { get; init; }

    [Id(4)] public ExplicitDistance? ToExplicit { get; init; }

    /// <summary>Norm of the gradient of the training rows' mean loss, as steps see it; null where it was not asked for.</summary>
    [Id(5)] public double? GradientNorm { get; init; }
}
