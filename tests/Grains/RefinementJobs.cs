using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Short jobs of both ways to refine, and what is seen of them on the way.</summary>
internal static class RefinementJobs
{
    public const int Sweeps = 3;
    public const int Rounds = 9;
    public const int Workers = 4;

    public static JobSpecification Of(SmallImages images, RefineMethod method) => images.Specification(SmallImages.Bins, SmallImages.Orientations) with
    {
        Compact = 2,
        Evaluate = EvaluateRows.Test,
        Refine = new RefineSpecification
        {
            Method = method,
            Workers = Workers,
            Sweeps = new SweepSpecification { Sweeps = Sweeps, BlocksPerChunk = 20, Average = 2, Stop = false },
            Averaging = new AveragingSpecification { Rounds = Rounds, Batch = 16, LearningRate = 0.005 },
        },
    };

    /// <summary>Folder of a checkpoint that a file is part of; null for other artifacts.</summary>
    public static string? CheckpointOf(string artifact) =>
        artifact.Contains("/rounds/", StringComparison.Ordinal) ? artifact[..artifact.LastIndexOf('/')] : null;

    public static void AssertSame(JobResult expected, JobResult actual)
    {
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.Equal(expected.Test!.CrossEntropy, actual.Test!.CrossEntropy);
        Assert.Equal(expected.Refinement.Select(round => (round.TrainCrossEntropy, round.Step)), actual.Refinement.Select(round => (round.TrainCrossEntropy, round.Step)));
    }
}
