using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>A job that shows what more data brings: statistics of more and more shards, each sum solved and evaluated on the test rows.</summary>
internal sealed partial class TrainingJobGrain
{
    private async Task<JobResult> RunCurveStagesAsync(CurveSpecification curve, CancellationToken cancellationToken)
    {
        var total = Stopwatch.GetTimestamp();
        var plan = await StageAsync(JobStage.Plan, () => PlanAsync(cancellationToken));
        if (plan.Test.IsEmpty)
            throw new JobException("a learning curve needs test rows, and data.test names none", "add data.test, or data.split");
        var totals = await StageAsync(JobStage.Accumulate, () => AccumulateAsync(plan, cancellationToken));
        var (parts, leftOut) = await StageAsync(JobStage.Reduce, () => ReducePartsAsync(plan, totals, curve, cancellationToken));
        var whole = parts[^1].Merged;
        var choice = await StageAsync(JobStage.Choose, () => ChooseAsync(plan, whole, cancellationToken));
        var scoring = new CurveScoring([.. parts.Select(part => part.Merged)], choice.K, choice.Alpha, Specification.Solve.Beta);
        var evaluations = await StageAsync(JobStage.Evaluate, () => EvaluatePointsAsync(plan, scoring, cancellationToken));
        var report = new CurveReport
        {
            Name = Specification.Name,
            K = choice.K,
            Alpha = choice.Alpha,
            TestRows = evaluations[^1].Rows,
            Points = [.. parts.Zip(evaluations, (part, test) => new CurvePoint(
                part.Plan.Train.Length, part.Merged.ClassRows.Sum() + part.Merged.ZeroRows, part.Sha256, test.CrossEntropy, test.Accuracy))],
            LeftOut = leftOut,
        };
        await StageAsync(JobStage.Publish, () => Failures.Translate(() => JsonArtifact.WriteAsync(store, JobFolder.CurveOf(Id), report, null, WriteCondition.Always, cancellationToken)));
        var hosts = await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
        return new JobResult
        {
            Model = "",
            ModelPath = "",
            Report = JobFolder.CurveOf(Id),
            Rows = plan.Rows,
            Inputs = plan.Encoder.Layout.Inputs,
            Outputs = whole.Labels.Length,
            Shards = plan.Train.Length,
            Silos = hosts.Count,
            K = choice.K,
            Alpha = choice.Alpha,
            ZeroRows = whole.ZeroRows,
            ReusedShards = totals.Count(shard => shard.Reused),
            WeightsSha256 = "",
            StatisticsSha256 = parts[^1].Sha256,
            Choice = choice.Grid,
            Test = EvaluationReports.ReportOf(evaluations[^1]),
            Labels = whole.Labels,
            Seconds = new StageSeconds(
                Stopwatch.GetElapsedTime(total).TotalSeconds,
                _seconds[JobStage.Plan],
                _seconds[JobStage.Accumulate],
                _seconds[JobStage.Reduce],
                _seconds[JobStage.Choose],
                0,
                _seconds[JobStage.Evaluate]),
        };
    }

    /// <summary>
    /// Sums the first shards of an order that their contents decide, in which rows that were sorted are not, as many as each share asks for. Shares in which a
    /// label has no row are passed over: no training on them alone would give that class.
    /// </summary>
    private async Task<(List<(JobPlan Plan, MergedStatistics Merged, string Sha256)> Parts, ImmutableArray<string> LeftOut)> ReducePartsAsync(
        JobPlan plan, ShardTotals[] totals, CurveSpecification curve, CancellationToken cancellationToken)
    {
        var whole = await ReduceAsync(plan, totals, cancellationToken);
        int[] order = [.. Enumerable.Range(0, plan.Train.Length).OrderBy(shard => plan.Train[shard].Shard.Hash, StringComparer.Ordinal)];
        var parts = new List<(JobPlan, MergedStatistics, string)>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        foreach (var count in curve.Shares.Select(share => (int)Math.Ceiling(share * order.Length / 100)).Distinct().Where(count => count < order.Length))
        {
            int[] chosen = [.. order.Take(count).Order()];
            var part = new JobPlan(plan.SpecificationHash, plan.Sources, plan.Encoder, [.. chosen.Select(shard => plan.Train[shard])], plan.Test);
            ShardTotals[] counted = [.. chosen.Select(shard => totals[shard])];
            if (LabelTotals.Of(whole.Item1.Labels, counted).Rows.IndexOf(0) is >= 0 and var label)
            {
                leftOut.Add($"{count:N0} of {order.Length:N0} shards have no row of label '{whole.Item1.Labels[label]}'");
                continue;
            }
            var (merged, sha256) = await ReduceAsync(part, counted, cancellationToken);
            parts.Add((part, merged, sha256));
        }
        parts.Add((plan, whole.Item1, whole.Sha256));
        return (parts, leftOut.ToImmutable());
    }

    /// <summary>Shard grains evaluate every point's solution on the test rows.</summary>
    private async Task<List<Evaluation>> EvaluatePointsAsync(JobPlan plan, CurveScoring scoring, CancellationToken cancellationToken)
    {
        var classes = scoring.Points[0].Labels.Length;
        var counts = await ForEachWorkAsync(
            JobStage.Evaluate,
            [("test", plan.Test)],
            (key, work, token) => GrainFactory.GetGrain<ICurveShardGrain>(key).EvaluateAsync(work, scoring, token),
            cancellationToken);
        var sums = scoring.Points.Select(_ => new Evaluation(classes)).ToList();
        foreach (var shard in counts)
        {
            for (var point = 0; point < sums.Count; point++)
                sums[point].Add(EvaluationReports.EvaluationOf(shard[point], classes));
        }
        return sums;
    }
}
