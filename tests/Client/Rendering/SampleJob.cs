using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Tests.Rendering;

/// <summary>A finished job with ten classes, and variations of it.</summary>
internal static class SampleJob
{
    public static readonly string[] Labels =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public static JobRecord Done => Record(JobStatus.Done) with { Result = Result };

    public static JobRecord Failed => Record(JobStatus.Failed) with
    {
        Failure = new JobFailure(JobStage.Accumulate, "a.csv:3 has 4 values; 5 were expected", "correct the line", "stack"),
    };

    public static JobResult Result => new()
    {
        Model = "fashion/0123456789ab",
        ModelPath = "models/fashion/0123456789ab",
        Rows = 60_000,
        ZeroRows = 3,
        Inputs = 3_326_787,
        Outputs = 10,
        Shards = 8,
        ReusedShards = 6,
        Silos = 1,
        K = 4,
        Alpha = .01,
        WeightsSha256 = "aaaabbbbccccdddd" + new string('0', 48),
        StatisticsSha256 = "1111222233334444" + new string('0', 48),
        Choice = [.. from k in SolveSpecification.AutoK from alpha in SolveSpecification.AutoAlpha select new GridPoint(k, alpha, k == 4 && alpha == .01 ? .6 : .7)],
        Train = Report(60_000, .8312),
        Test = Report(10_000, .8057),
        Seconds = new StageSeconds(4.2, .9, 1.4, .3, .8, 0, .7),
        Labels = [.. Labels],
    };

    public static EvaluationReport Report(long rows, double accuracy) => new()
    {
        Rows = rows,
        Accuracy = accuracy,
        CrossEntropy = .5331,
        CalibrationError = .0312,
        Confusion = [.. Enumerable.Range(0, 100).Select(cell => cell % 11 == 0 ? rows / 12 : cell == 20 ? 177L : cell % 7)],
        Calibration = [.. Enumerable.Range(0, 15).Select(bin => new CalibrationBin(bin * 90, (bin + .6) / 15, bin / 15.0))],
    };

    private static JobRecord Record(JobStatus status) => new()
    {
        Id = "job-1",
        Specification = new JobSpecification { Name = "fashion", Data = new DataSpecification { Train = [] }, Features = [] },
        Status = status,
        Stage = status == JobStatus.Done ? JobStage.Evaluate : JobStage.Accumulate,
        Started = DateTimeOffset.UnixEpoch,
    };
}
