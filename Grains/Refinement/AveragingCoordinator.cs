using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// One attempt at the rounds of an averaging, from the start or from a checkpoint. Every round ends in a checkpoint: the mean, which all workers have.
/// A run that diverges ends there, and the best round is published, never anything worse than the start.
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
        await GrainCalls.AllAsync(Reducers(work.Reducers).Select(reducer => reducer.PrepareAsync(work.Epoch, _workers.Length, cancellationToken)));
        var totals = await GrainCalls.AllAsync(_workers.Select((worker, i) => worker.PrepareAsync(work, train[i], test[i], cancellationToken)));
        if (work.Checkpoint is not { } state)
        {
            var start = Mean(totals);
            state = await SaveAsync(work, StartOf(work), cancellationToken);
            state = state with { StartCrossEntropy = start, Best = new BestRound(0, SweepWork.RunFile(state.Name, 0), state.RunFiles[0], start) };
            await keep(state);
        }
        var startLoss = state.StartCrossEntropy;
        while (!state.IsLast)
        {
            var begun = Stopwatch.GetTimestamp();
            var round = state.Sweep;
            totals = await GrainCalls.AllAsync(_workers.Select(worker => worker.RoundAsync(work.Epoch, round - 1, cancellationToken)));
            var loss = Mean(totals);
            if (!double.IsFinite(loss) || loss > FarAbove * Math.Max(startLoss, 0.1))
            {
                state = state with { IsLast = true, Ended = $"round {round} diverged (cross-entropy {loss:0.###}, {startLoss:0.###} at the start)" };
                await keep(state);
                break;
            }
            var report = TestOf(totals);
            var ended = new RefinementRound(round, loss, report?.CrossEntropy, report?.Accuracy, Stopwatch.GetElapsedTime(begun).TotalSeconds, null);
            var best = state.Best!;
            state = await SaveAsync(work, state with { Sweep = round + 1, Rounds = state.Rounds.Add(ended), IsLast = round >= work.Settings.Rounds }, cancellationToken);
            if (loss < best.TrainCrossEntropy)
                state = state with { Best = new BestRound(round, SweepWork.RunFile(state.Name, 0), state.RunFiles[0], loss) };
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

    private static RefinementCheckpoint StartOf(AveragingWork work) => new()
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
    };

    private static double Mean(RoundTotals[] workers) => workers.Any(worker => worker.Diverged)
        ? double.PositiveInfinity
        : ExactSum.Mean(workers.Aggregate((Int128)0, (sum, worker) => sum + worker.Loss), workers.Sum(worker => worker.Rows));

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
