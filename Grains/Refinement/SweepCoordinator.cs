using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// One attempt at the sweeps of a job, from the start or from a checkpoint: prepares reducers and workers, then goes chunk by chunk. All runs go in
/// lockstep and share the barriers: one for the direction and one a trial of the line search, whose sums are all that comes here. The first call
/// that fails ends the attempt; the job begins another. Used from the job grain's scheduler.
/// </summary>
/// <param name="grains">Where workers and reducers are.</param>
/// <param name="job">The job's id.</param>
/// <param name="shares">The workers' rows.</param>
/// <param name="blocks">Blocks after compaction.</param>
/// <param name="checkpointPeriod">Work that a failure may cost, beside the time to notice it.</param>
internal sealed class SweepCoordinator(IGrainFactory grains, string job, ImmutableArray<WorkerShare> shares, int blocks, TimeSpan checkpointPeriod) : IRefinement<SweepWork>
{
    /// <summary>Losses that are kept for a curve.</summary>
    private const int MostLosses = 1000;

    private readonly ImmutableArray<ISweepWorkerGrain> _workers =
        [.. shares.Select(share => grains.GetGrain<ISweepWorkerGrain>($"{job}/{share.Worker}"))];

    private readonly long _rows = shares.Sum(share => share.Rows);

    public async Task<RefinementCheckpoint> RunAsync(
        SweepWork work, WorkerPlaces places, Func<RefinementCheckpoint, Task> keep, Action<int, double> moved, CancellationToken token)
    {
        var runs = work.Settings.Average;
        var reducers = Reducers(runs);
        await GrainCalls.AllAsync(reducers.Select(reducer => reducer.PrepareAsync(work, token)));
        await GrainCalls.AllAsync(_workers.Select((worker, i) => worker.PrepareAsync(work, shares[i], token)));
        var state = work.Checkpoint ?? StartOf(work, runs);
        var chunks = (blocks + work.Settings.BlocksPerChunk - 1) / work.Settings.BlocksPerChunk;
        var none = Enumerable.Repeat(0.0, runs).ToImmutableArray();
        while (!state.IsLast)
        {
            var start = Stopwatch.GetTimestamp();
            var kept = start;
            var before = state.Seconds;
            var sizes = Enumerable.Range(0, chunks).Select(chunk => (int)((long)blocks * (chunk + 1) / chunks - (long)blocks * chunk / chunks)).ToArray();
            var steps = none;
            while (state.Chunk < chunks)
            {
                var step = new SweepStep(work.Epoch, state.Sweep, state.Chunk, state.Active, steps);
                var searches = await SearchAsync(step, token);
                var at = state.Chunk;
                steps = [.. searches.Select(search => search is null ? 0 : work.Settings.Damping * search.Step)];
                state = state with
                {
                    Chunk = at + 1,
                    StepSums = [.. state.StepSums.Select((sum, run) => sum + (searches[run]?.Step ?? 0) * sizes[at])],
                    Seconds = before + Stopwatch.GetElapsedTime(start).TotalSeconds,
                };
                var (reached, loss) = ((state.Sweep - 1) * chunks + state.Chunk, searches.OfType<LineSearch>().Average(search => search.Loss) / LineSums.Unit / _rows);
                moved(reached, loss);
                if (reached % (1 + (long)work.Settings.Sweeps * chunks / MostLosses) == 0)
                    state = state with { Losses = state.Losses.Add(new SweepLoss((double)reached / chunks, loss)) };
                if (state.Chunk < chunks && (Stopwatch.GetElapsedTime(kept) >= checkpointPeriod || await places.MustMoveAsync(isSaved: false, token)))
                {
                    await MoveAsync(work, steps, token);
                    state = await SaveAsync(work, state, steps, reducers, token);
                    steps = none;
                    await keep(state);
                    if (await places.MustMoveAsync(isSaved: true, token))
                        return state;
                    kept = Stopwatch.GetTimestamp();
                }
            }
            var losses = await MoveAsync(work, steps, token);
            var ended = EndSweep(work, state, losses, chunks, before + Stopwatch.GetElapsedTime(start).TotalSeconds);
            state = await SaveAsync(work, ended, steps, reducers, token);
            await keep(state);
            if (!state.IsLast && await places.MustMoveAsync(isSaved: true, token))
                return state;
        }
        return state;
    }

    /// <summary>Direction of one chunk, and Newton's trials along it, for all runs at once; null for a run that has ended.</summary>
    private async Task<LineSearch?[]> SearchAsync(SweepStep step, CancellationToken token)
    {
        var totals = await GrainCalls.AllAsync(_workers.Select(worker => worker.DirectAsync(step, token)));
        var searches = new LineSearch?[step.Active.Length];
        for (var run = 0; run < searches.Length; run++)
            searches[run] = step.Active[run] ? new LineSearch(_rows, SumOf(totals, run)) : null;
        while (searches.Any(search => search is { IsDone: false }))
        {
            ImmutableArray<double> trials = [.. searches.Select(search => search is { IsDone: false } ? search.Trial : double.NaN)];
            totals = await GrainCalls.AllAsync(_workers.Select(worker => worker.SumsAsync(step.Epoch, trials, token)));
            for (var run = 0; run < searches.Length; run++)
            {
                if (searches[run] is { IsDone: false } search)
                    search.Take(SumOf(totals, run));
            }
        }
        return searches;
    }

    private async Task<double[]> MoveAsync(SweepWork work, ImmutableArray<double> steps, CancellationToken token)
    {
        var totals = await GrainCalls.AllAsync(_workers.Select(worker => worker.MoveAsync(work.Epoch, steps, token)));
        return [.. Enumerable.Range(0, work.Settings.Average).Select(run => SumOf(totals, run).Loss / LineSums.Unit / _rows)];
    }

    private static RefinementCheckpoint EndSweep(SweepWork work, RefinementCheckpoint state, double[] losses, int chunks, double seconds)
    {
        var means = state.StepSums.Select(sum => sum / chunks).ToArray();
        var ran = Enumerable.Range(0, means.Length).Where(run => state.Active[run]).ToArray();
        ImmutableArray<bool> active = [.. state.Active.Select((was, run) => was && state.Sweep < work.Settings.Sweeps && (!work.Settings.Stop || means[run] > 0))];
        return state with
        {
            Sweep = state.Sweep + 1,
            Chunk = 0,
            StepSums = [.. means.Select(_ => 0.0)],
            Active = active,
            Seconds = 0,
            IsLast = !active.Contains(true),
            Rounds = state.Rounds.Add(new RefinementRound(state.Sweep, losses.Average(), null, null, seconds, ran.Average(run => means[run]))),
        };
    }

    private async Task<RefinementCheckpoint> SaveAsync(
        SweepWork work, RefinementCheckpoint state, ImmutableArray<double> steps, ImmutableArray<ISweepReducerGrain> reducers, CancellationToken token)
    {
        var name = JobFolder.RoundName(job, state.Sweep, state.Chunk, work.Epoch);
        var runs = GrainCalls.AllAsync(reducers.Select((reducer, run) => reducer.SaveAsync(work.Epoch, steps[run], SweepWork.RunFile(name, run), token)));
        var workers = state.IsLast ? Task.FromResult(Array.Empty<string>())
            : GrainCalls.AllAsync(_workers.Select((worker, i) => worker.SaveAsync(work.Epoch, SweepWork.WorkerFile(name, i), token)));
        return state with { Name = name, RunFiles = [.. await runs], WorkerFiles = [.. await workers] };
    }

    private RefinementCheckpoint StartOf(SweepWork work, int runs) => new()
    {
        Name = "",
        Statistics = work.Merged.Name,
        Sweep = 1,
        Chunk = 0,
        StepSums = [.. Enumerable.Repeat(0.0, runs)],
        Active = [.. Enumerable.Repeat(true, runs)],
        WorkerFiles = [],
        RunFiles = [],
    };

    private ImmutableArray<ISweepReducerGrain> Reducers(int runs) =>
        [.. Enumerable.Range(0, runs).Select(run => grains.GetGrain<ISweepReducerGrain>($"{job}/{run}"))];

    private static LineSums SumOf(IEnumerable<ImmutableArray<LineTotals>> workers, int run) =>
        workers.Select(worker => new LineSums(worker[run].Loss, worker[run].Gradient, worker[run].Curvature)).Aggregate((a, b) => a + b);
}
