namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Settings of averaged SGD (docs/math.md 9), filled in: what a specification leaves out has the defaults of its encoding.</summary>
[GenerateSerializer, Immutable, Alias("explicit.AveragingSpecification")]
public sealed record AveragingSpecification
{
    /// <summary>Rounds; parameters are averaged after each.</summary>
    [Id(0)] public int Rounds { get; init; } = 10;

    /// <summary>Passes of every worker over its rows in a round.</summary>
    [Id(1)] public int LocalEpochs { get; init; } = 1;

    /// <summary>Rows a step.</summary>
    [Id(2)] public int Batch { get; init; } = 128;

    [Id(3)] public AveragingOptimizer Optimizer { get; init; } = AveragingOptimizer.Adam;

    /// <summary>The first rate of a single worker; it is multiplied by the number of workers.</summary>
    [Id(4)] public double LearningRate { get; init; } = 0.02;

    [Id(5)] public AveragingSchedule Schedule { get; init; } = AveragingSchedule.Linear;

    /// <summary>Of the optimizer sgd.</summary>
    [Id(6)] public double Momentum { get; init; } = 0.9;

    /// <summary>Half the penalty on squared weights.</summary>
    [Id(7)] public double L2 { get; init; }

    /// <summary>Whether the training rows of the held-out fold are not learned from, in the start neither, and decide which round is the best.</summary>
    [Id(10)] public bool HoldOut { get; init; }

    /// <summary>Rounds in a row without a lower loss after which the run ends; 0 for never.</summary>
    [Id(11)] public int Stop { get; init; }

    /// <summary><see cref="Stop"/> of a specification that holds rows out and does not say.</summary>
    public const int DefaultStop = 3;

    [Id(20)] public AveragingStart Start { get; init; }

    /// <summary>Whether the gradient at the start is measured, which takes about as long as a round; a study of starts asks for it.</summary>
    [Id(21)] public bool Gradient { get; init; }
}
