using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Client.Study;

/// <summary>A job of a study that takes no steps: the explicit solution, or scaling sweeps.</summary>
internal sealed record StudySolution
{
    public required string Job { get; init; }

    public required string Model { get; init; }

    public required string WeightsSha256 { get; init; }

    public required double K { get; init; }

    public required double Alpha { get; init; }

    public StudyScore? Train { get; init; }

    public StudyScore? Test { get; init; }

    /// <summary>Of sweeps.</summary>
    public ImmutableArray<RefinementRound> Rounds { get; init; } = [];

    /// <summary>Wall seconds of the refinement.</summary>
    public double RefineSeconds { get; init; }

    public static StudySolution Of(string job, JobResult result) => new()
    {
        Job = job,
        Model = result.Model,
        WeightsSha256 = result.WeightsSha256,
        K = result.K,
        Alpha = result.Alpha,
        Train = StudyScore.Of(result.Train),
        Test = StudyScore.Of(result.Test),
        Rounds = result.Refinement,
        RefineSeconds = result.Seconds.Refine,
    };
}

/// <summary>What a model is worth on some rows.</summary>
internal sealed record StudyScore(double CrossEntropy, double Accuracy)
{
    public static StudyScore? Of(EvaluationReport? report) => report is null ? null : new StudyScore(report.CrossEntropy, report.Accuracy);
}
