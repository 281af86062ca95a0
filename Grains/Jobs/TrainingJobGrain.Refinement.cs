using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>The refinement of a job: attempts at it, each from the newest checkpoint, until one comes to the end.</summary>
internal sealed partial class TrainingJobGrain
{
    /// <summary>Attempts without a new checkpoint that lose a silo; over half a minute of them, longer than it takes to notice a death.</summary>
    private const int MostRefinementLosses = 60;

    /// <summary>Attempts without a new checkpoint that fail by themselves; what fails so often will fail again.</summary>
    private const int MostRefinementFailures = 4;

    private const int EpochsOfAnAttempt = 1 << 20;

    private static readonly TimeSpan FirstRefinementPause = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan LongestRefinementPause = TimeSpan.FromSeconds(1);

    /// <summary>The last attempt, of whichever layer: workers of the next have later ones.</summary>
    private long _refinementEpoch;

    /// <summary>Workers refine over their rows, reducers join what they send. Gives the last checkpoint; null without refinement.</summary>
    private async Task<RefinementCheckpoint?> RefineAsync(JobPlan plan, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        var refine = RefineOf(plan);
        if (refine.Method == RefineMethod.None)
            return null;
        if (_record!.Checkpoint is { } kept && (kept.Statistics != merged.Name || kept.Layer != NumberOf(plan)))
            _record = _record with { Checkpoint = null };
        if (_record.Checkpoint is { IsLast: true } last)
            return last;
        return refine.Method == RefineMethod.Sweeps
            ? await SweepAsync(plan, merged, choice, cancellationToken)
            : await AverageAsync(plan, merged, choice, cancellationToken);
    }

    private async Task<RefinementCheckpoint> SweepAsync(JobPlan plan, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        var refine = RefineOf(plan);
        var tables = await Failures.Translate(() => gate.RunAsync(token => SweepTables.GetAsync(shared, store, SweepWorkOf(plan, merged), token), cancellationToken));
        var blocks = tables.Compaction.Blocks;
        SweepPlan.Check(tables.Compaction, refine.Sweeps.BlocksPerChunk, merged.Labels.Length);
        var shares = WorkerShare.Deal(plan.Train, WorkersOf(plan));
        var coordinator = new SweepCoordinator(GrainFactory, Id, shares, blocks, options.Value.CheckpointPeriod);
        _progress.Begin(StageOf(plan, JobStage.Refine), refine.Sweeps.Sweeps * ((blocks + refine.Sweeps.BlocksPerChunk - 1) / refine.Sweeps.BlocksPerChunk), 0);
        return await AttemptAsync(
            NumberOf(plan),
            coordinator,
            new WorkerPlaces(silos, GrainsOf<ISweepWorkerGrain>(shares.Length), GrainsOf<ISweepReducerGrain>(refine.Sweeps.Average)),
            epoch => SweepWorkOf(plan, merged) with
            {
                Epoch = epoch,
                Workers = shares.Length,
                Checkpoint = _record!.Checkpoint,
                Start = StartsAtPrior(plan) ? null : choice,
            },
            cancellationToken);
    }

    private async Task<RefinementCheckpoint> AverageAsync(JobPlan plan, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        var workers = WorkersOf(plan);
        var train = WorkerShare.Deal(plan.Train, workers, SgdDeal.RunRows);
        var test = WorkerShare.Deal(Specification.Evaluate == EvaluateRows.None || plan.Layer?.Targets is not null ? [] : plan.Test, workers, SgdDeal.RunRows); // new rows have no sub-classes, and of codes there is no accuracy
        _progress.Begin(StageOf(plan, JobStage.Refine), RefineOf(plan).Averaging.Rounds, 0);
        return await AttemptAsync(
            NumberOf(plan),
            new AveragingCoordinator(GrainFactory, Id, train, test),
            new WorkerPlaces(silos, GrainsOf<IAveragingWorkerGrain>(workers), GrainsOf<IAveragingReducerGrain>(workers)),
            epoch => AveragingWorkOf(plan, merged, choice) with { Epoch = epoch, Reducers = workers, Checkpoint = _record!.Checkpoint },
            cancellationToken);
    }

    private async Task<RefinementCheckpoint> AttemptAsync<TWork>(
        int layer, IRefinement<TWork> refinement, WorkerPlaces places, Func<long, TWork> workOf, CancellationToken cancellationToken)
    {
        using var stay = gate.Stay(); // a silo that stops waits for the checkpoint that others go on from
        var epoch = _refinementEpoch = Math.Max(_refinementEpoch, (long)_record!.Attempts * EpochsOfAnAttempt);
        var (failures, losses) = (0, 0);
        var pause = FirstRefinementPause;
        var isHandedOver = false;
        await ForgetCheckpointsAsync(epoch);
        try
        {
            while (true)
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                try
                {
                    await places.SpreadAsync(epoch, attempt.Token);
                    if (silos.IsLeaving)
                    {
                        stay.Dispose(); // the next coordinator goes on
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }
                    var reached = await refinement.RunAsync(workOf(_refinementEpoch = ++epoch), places, KeepAsync, (done, loss) => _progress.Reach(done, loss), attempt.Token);
                    if (reached.IsLast)
                        return reached;
                    Note("workers", "silos joined or left: they are spread anew, and go on from a checkpoint");
                    continue;
                }
                catch (OvertakenException)
                {
                    isHandedOver = true;
                    throw;
                }
                catch (JobException damaged) when (_record.Checkpoint is { } lost && damaged.Message.Contains(lost.Name, StringComparison.Ordinal))
                {
                    Note("checkpoint", damaged.Message);
                    await WriteAsync(_record with { Checkpoint = null });
                }
                catch (Exception exception) when (exception is not (JobException or OvertakenException) && !cancellationToken.IsCancellationRequested)
                {
                    if (PieceRunner.IsLoss(exception) ? ++losses >= MostRefinementLosses : ++failures >= MostRefinementFailures)
                    {
                        throw new JobException(
                            $"refinement failed {losses + failures} times in a row; the last time: {PieceRunner.Describe(exception)}",
                            "look into the logs of the silos, then go on with 'explicit jobs resume': it goes on from the last checkpoint");
                    }
                    Note("refinement", PieceRunner.Describe(exception));
                }
                finally
                {
                    await attempt.CancelAsync(); // whoever still waits for a worker that is gone
                }
                await Task.Delay(pause, cancellationToken);
                pause = pause * 2 < LongestRefinementPause ? pause * 2 : LongestRefinementPause;
            }
        }
        finally
        {
            // Whoever goes on with the job finds its workers as they are.
            if (!isHandedOver && !_lettingGo)
                await places.ReleaseAsync(epoch);
        }

        async Task KeepAsync(RefinementCheckpoint checkpoint)
        {
            await WriteAsync(_record! with { Checkpoint = checkpoint with { Layer = layer } });
            _progress.Ended(checkpoint.Rounds);
            (failures, losses, pause) = (0, 0, FirstRefinementPause);
            await ForgetCheckpointsAsync(epoch);
        }
    }

    /// <summary>
    /// Deletes what is of no use any more: earlier checkpoints and those that were not finished, but for the best round. Those of a later attempt belong to
    /// another silo, which has taken the job on while this one was thought dead.
    /// </summary>
    private Task ForgetCheckpointsAsync(long epoch) => ForgetAsync(JobFolder.RoundsOf(Id), file =>
        !(_record!.Checkpoint is { } kept && (file.StartsWith($"{kept.Name}/", StringComparison.Ordinal) || file == kept.Best?.Name)) && JobFolder.EpochOf(file) <= epoch);

    private ImmutableArray<IRefinementGrain> GrainsOf<TGrain>(int count) where TGrain : IRefinementGrain =>
        [.. Enumerable.Range(0, count).Select(index => (IRefinementGrain)GrainFactory.GetGrain<TGrain>($"{Id}/{index}"))];

    private int WorkersOf(JobPlan plan) => (int)Math.Min(RefineOf(plan).Workers, plan.Rows);

    /// <summary>What the workers of any attempt must know.</summary>
    private SweepWork SweepWorkOf(JobPlan plan, MergedStatistics merged) => new()
    {
        Epoch = 0,
        Merged = merged,
        Layout = FeatureMaps.KeyOf(plan.Features, plan.Encoder.Shape),
        Compact = CompactOf(plan),
        Settings = RefineOf(plan).Sweeps,
        Seed = Specification.Seed,
        Workers = 0,
        Subclasses = plan.Subclasses,
    };

    private AveragingWork AveragingWorkOf(JobPlan plan, MergedStatistics merged, JobChoice choice) => new()
    {
        Epoch = 0,
        Merged = merged,
        Layout = FeatureMaps.KeyOf(plan.Features, plan.Encoder.Shape),
        Compact = CompactOf(plan),
        Settings = RefineOf(plan).Averaging,
        Seed = Specification.Seed,
        Start = new SolveSetting(choice.K, choice.Alpha, SolveOf(plan).Beta),
        Reducers = 0,
        Text = plan.Vocabulary is { } vocabulary ? new TextWork(plan.Layer?.Text ?? Text, vocabulary.Name) : null,
        Subclasses = plan.Subclasses,
        Codes = plan.Layer?.Targets is { Code: > 0 } codes ? codes : null,
    };
}
