using System.Diagnostics;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>What every training of a classifier tells at its end.</summary>
internal sealed partial class TrainingJobGrain
{
    private async Task<JobResult> ResultAsync(
        long start,
        JobPlan plan,
        MergedStatistics merged,
        JobChoice choice,
        ModelDescription model,
        int reusedShards,
        EvaluationReport? train,
        EvaluationReport? test,
        CancellationToken cancellationToken)
    {
        var silos = await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
        return new JobResult
        {
            Model = $"{model.Name}/{model.Version}",
            ModelPath = ModelFolder.PathOf(model.Name, model.Version),
            Rows = Specification.Data.WithoutFold is null ? plan.Rows : merged.ClassRows.Sum() + merged.ZeroRows,
            Inputs = model.Inputs,
            Outputs = model.Labels.Length,
            Shards = plan.Train.Length,
            Silos = silos.Count,
            K = choice.K,
            Alpha = choice.Alpha,
            ZeroRows = merged.ZeroRows,
            ReusedShards = reusedShards,
            WeightsSha256 = model.WeightsSha256,
            StatisticsSha256 = model.StatisticsSha256,
            Choice = choice.Grid,
            Train = train,
            Test = test,
            Labels = model.Labels,
            Seconds = new StageSeconds(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                SecondsOf(JobStage.Plan),
                SecondsOf(JobStage.Layers) + SecondsOf(JobStage.Vocabulary) + SecondsOf(JobStage.Accumulate),
                SecondsOf(JobStage.Reduce),
                SecondsOf(JobStage.Choose) + SecondsOf(JobStage.Solve) + SecondsOf(JobStage.Publish),
                SecondsOf(JobStage.Refine),
                SecondsOf(JobStage.Evaluate)),
        };
    }

    /// <summary>Seconds of a stage; 0 where the job has none of it.</summary>
    private double SecondsOf(JobStage stage) => _seconds.GetValueOrDefault(stage);
}
