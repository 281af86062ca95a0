using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Study;

/// <summary>One run of averaged SGD: a start and a learning rate. Its figures are those of the job's record.</summary>
internal sealed record StudyRun
{
    public required AveragingStart Start { get; init; }

    public required double LearningRate { get; init; }

    public required string Job { get; init; }

    public required string Model { get; init; }

    public required string WeightsSha256 { get; init; }

    /// <summary>Whether an earlier study had run it.</summary>
    public bool Reused { get; init; }

    /// <summary>Why it ended before its last round; null where it did not.</summary>
    public string? Ended { get; init; }

    public required RefinementStart Beginning { get; init; }

    public required ImmutableArray<RefinementRound> Rounds { get; init; }

    /// <summary>Nats a row after a round, 0 for the start; infinite where the run had diverged, NaN where there are no such rows.</summary>
    public double LossAt(StudyPart part, int round)
    {
        if (round > Rounds.Length)
            return double.PositiveInfinity;
        var (train, test) = round == 0
            ? (Beginning.TrainCrossEntropy, Beginning.TestCrossEntropy)
            : (Rounds[round - 1].TrainCrossEntropy, Rounds[round - 1].TestCrossEntropy);
        return part == StudyPart.Train ? train : test ?? double.NaN;
    }

    /// <summary>How the parameters lie to the explicit solution after a round, 0 for the start; null where the run had diverged.</summary>
    public ExplicitDistance? DistanceAt(int round) => round == 0 ? Beginning.ToExplicit : round > Rounds.Length ? null : Rounds[round - 1].ToExplicit;
}
