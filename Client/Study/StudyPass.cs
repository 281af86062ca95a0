using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Client.Study;

/// <summary>The wall seconds of one explicit pass over the training rows: reading, encoding and counting them, summing, solving and writing the weights.</summary>
internal sealed record StudyPass(string Job, double Statistics, double Reduce, double Solve)
{
    public double Seconds => Statistics + Reduce + Solve;

    public static StudyPass Of(string job, JobResult result) => new(job, result.Seconds.Statistics, result.Seconds.Reduce, result.Seconds.Solve);
}
