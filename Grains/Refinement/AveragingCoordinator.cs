using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// One attempt at the rounds of an averaging, from the start or from a checkpoint. Every round ends in a checkpoint: the mean, which all workers have.
/// A run that diverges, or whose deciding loss has
/// not fallen for a while, ends there, and the best round is published, never anything worse than the start. Held-out rows decide where there are any, otherwise the training rows.
/// </summary>
/// <param name="grains">Where workers and reducers are.</param>
/// <param name="job">The job's id.</param>
/// <param name="train">The workers' rows.</param>
/// <param name="test">The rows that each worker evaluates the mean on.</param>
internal sealed class AveragingCoordinator(IGrainFactory grains, string job, ImmutableArray<WorkerShare> train, ImmutableArray<WorkerShare> test) : IRefinement<AveragingWork>
{
    /// <summary>A round whose loss is so many times the start's has diverged.</summary>
    private const double FarAbove = 4;

    private readonly ImmutableArray<IAveragingWorkerGrain> _workers =
        [.. train.Select(share => grains.GetGrain<IAveragingWorkerGrain>($"{job}/{share.Worker}"))];

    public async Task<RefinementCheckpoint> RunAsync(
        AveragingWork work, WorkerPlaces places, Func<RefinementCheckpoint, Task> keep, Action<int, double> moved, CancellationToken cancellationToken)
    {
        await GrainCalls.AllAsync(
            Reducers(work.Reducers).Select(reducer => reducer.PrepareAsync(work.Epoch, _workers.Length, cancellationToken))
                .Concat(_workers.Select((worker, i) => worker.JoinAsync(work, train[i], test[i], cancellationToken))));
        var totals = await GrainCalls.AllAsync(_workers.Select(worker => worker.PrepareAsync(work.Epoch, cancellationToken)));
        if (work.Checkpoint is not { } state)
        {
            state = await SaveAsync(work, StartOf(work, totals), cancellationToken);
            state = state with
            {
                Start = await BeginningOfAsync(work, totals, cancellationToken),
                Best = new BestRound(0, SweepWork.RunFile(state.Name, 0), state.RunFiles[0], state.StartCrossEntropy),
            };
            await keep(state);
        }
        while (!state.IsLast)
        {
            var begun = Stopwatch.GetTimestamp();
            var round = state.Sweep;
            totals = await GrainCalls.AllAsync(_workers.Select(worker => worker.RoundAsync(work.Epoch, round - 1, cancellationToken)));
            var (loss, heldOut) = LossesOf(totals);
            var deciding = heldOut ?? loss;
            if (!double.IsFinite(deciding) || deciding > FarAbove * Math.Max(state.StartCrossEntropy, 0.1))
            {
                state = state with { IsLast = true, Ended = $"round {round} diverged (cross-entropy {deciding:0.###}, {state.StartCrossEntropy:0.###} at the start)" };
                await keep(state);
                break;
            }
            var report = TestOf(totals);
            var ended = new RefinementRound(round, loss, report?.CrossEntropy, report?.Accuracy, Stopwatch.GetElapsedTime(begun).TotalSeconds, null)
            {
                HeldOutCrossEntropy = heldOut,
                ToExplicit = totals[0].ToExplicit,
                StepSeconds = totals.Max(worker => worker.StepSeconds),
            };
            state = await SaveAsync(work, state with { Sweep = round + 1, Rounds = state.Rounds.Add(ended), IsLast = round >= work.Settings.Rounds }, cancellationToken);
            if (deciding < state.Best!.CrossEntropy)
                state = state with { Best = new BestRound(round, SweepWork.RunFile(state.Name, 0), state.RunFiles[0], deciding) };
            else if (!state.IsLast && work.Settings.Stop > 0 && round - state.Best.Round >= work.Settings.Stop)
                state = state with { IsLast = true, Ended = $"after round {round}: {work.Settings.Stop} in a row had no lower cross-entropy of the {(heldOut is null ? "training" : "held-out")} rows" };
            moved(round, loss);
            await keep(state);
            if (!state.IsLast && await places.MustMoveAsync(isSaved: true, cancellationToken))
                return state;
        }
        return state;
    }

    private async Task<RefinementCheckpoint> SaveAsync(AveragingWork work, RefinementCheckpoint state, CancellationToken cancellationToken)
    {
        var name = JobFolder.RoundName(job, state.Sweep, state.Chunk, work.Epoch);
        return state with { Name = name, RunFiles = [await _workers[0].SaveAsync(work.Epoch, SweepWork.RunFile(name, 0), cancellationToken)] };
    }

    private async Task<RefinementStart> BeginningOfAsync(AveragingWork work, RoundTotals[] totals, CancellationToken cancellationToken)
    {
        var report = TestOf(totals);
        return new RefinementStart
        {
            Start = work.Settings.Start,
            TrainCrossEntropy = LossesOf(totals).Train,
            TestCrossEntropy = report?.CrossEntropy,
            TestAccuracy = report?.Accuracy,
            ToExplicit = totals[0].ToExplicit,
            GradientNorm = work.Settings.Gradient
                ? (await GrainCalls.AllAsync(_workers.Select(worker => worker.GradientAsync(work.Epoch, cancellationToken))))[0]
                : null,
        };
    }

    /// <exception cref="JobException">Rows are to be held out, and none or all are.</exception>
    private static RefinementCheckpoint StartOf(AveragingWork work, RoundTotals[] workers)
    {
        var (train, heldOut) = (workers.Sum(worker => worker.Rows), workers.Sum(worker => worker.HeldOutRows));
        if (work.Settings.HoldOut && (train == 0 || heldOut == 0))
        {
            throw new JobException(
                $"{heldOut} of {train + heldOut} training rows fall into the fold that is held out, and both it and the others need some",
                "set refine.holdOut: false, or train on more rows");
        }
        var (loss, heldOutLoss) = LossesOf(workers);
        return new RefinementCheckpoint
        {
            Name = "",
            Statistics = work.Merged.Name,
            Sweep = 1,
            Chunk = 0,
            StepSums = [],
            Active = [],
            WorkerFiles = [],
            RunFiles = [],
            IsLast = work.Settings.Rounds == 0,
            StartCrossEntropy = heldOutLoss ?? loss,
            HeldOutRows = heldOut,
        };
    }

    /// <summary>Nats a training row, and nats a held-out row where there are any.</summary>
    private static (double Train, double? HeldOut) LossesOf(RoundTotals[] workers)
    {
        var heldOut = workers.Sum(worker => worker.HeldOutRows);
        if (workers.Any(worker => worker.Diverged))
            return (double.PositiveInfinity, null);
        return (MeanOf(worker => worker.Loss, workers.Sum(worker => worker.Rows)), heldOut == 0 ? null : MeanOf(worker => worker.HeldOutLoss, heldOut));

        double MeanOf(Func<RoundTotals, Int128> loss, long rows) => ExactSum.Mean(workers.Aggregate((Int128)0, (sum, worker) => sum + loss(worker)), rows);
    }

    private static EvaluationReport? TestOf(RoundTotals[] workers)
    {
        var counts = workers.Select(worker => worker.Test).OfType<Abstractions.Shards.EvaluationCounts>().ToArray();
        if (counts.Length == 0)
            return null;
        var classes = (int)Math.Sqrt(counts[0].Confusion.Length);
        var sum = new Evaluation(classes);
        foreach (var part in counts)
            sum.Add(EvaluationReports.EvaluationOf(part, classes));
        return EvaluationReports.ReportOf(sum);
    }

    private IEnumerable<IAveragingReducerGrain> Reducers(int count) =>
        Enumerable.Range(0, count).Select(index => grains.GetGrain<IAveragingReducerGrain>($"{job}/{index}"));
}
