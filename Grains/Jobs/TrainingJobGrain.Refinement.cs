using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Shards;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>The refinement of a job: attempts at it, each from the newest checkpoint, until one comes to the end.</summary>
internal sealed partial class TrainingJobGrain
{
    /// <summary>Attempts without a new checkpoint; over half a minute of them, longer than it takes to notice a death.</summary>
    private const int MostRefinementFailures = 24;

    private const int EpochsOfAnAttempt = 1 << 20;

    private static readonly TimeSpan RefinementPause = TimeSpan.FromSeconds(1);

    /// <summary>Workers sweep over their rows, reducers move the weights of the runs. Gives the last checkpoint; null without refinement.</summary>
    private async Task<RefinementCheckpoint?> RefineAsync(JobPlan plan, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        var refine = Specification.Refine;
        if (refine.Method == RefineMethod.None)
            return null;
        if (_record!.Checkpoint is { } kept && kept.Statistics != merged.Name)
            _record = _record with { Checkpoint = null };
        if (_record.Checkpoint is { IsLast: true } last)
            return last;
        var tables = await Failures.Translate(() => gate.RunAsync(token => SweepTables.GetAsync(shared, store, SweepWorkOf(plan, merged), token), cancellationToken));
        var blocks = tables.Compaction.Blocks;
        var chunks = refine.Sweeps.Sweeps * ((blocks + refine.Sweeps.BlocksPerChunk - 1) / refine.Sweeps.BlocksPerChunk);
        var shares = WorkerShare.Deal(plan.Train, (int)Math.Min(refine.Workers, plan.Train.Sum(shard => (long)shard.Shard.Rows)));
        var coordinator = new SweepCoordinator(GrainFactory, Id, shares, blocks, options.Value.CheckpointPeriod);
        _progress.Begin(JobStage.Refine, chunks, 0);
        var epoch = (long)_record.Attempts * EpochsOfAnAttempt;
        var failures = 0;
        while (true)
        {
            var work = SweepWorkOf(plan, merged) with
            {
                Epoch = ++epoch,
                Workers = shares.Length,
                Checkpoint = _record.Checkpoint,
                Start = StartsAtPrior ? null : choice,
            };
            try
            {
                var end = await coordinator.RunAsync(work, KeepAsync, (done, loss) => _progress.Reach(done, loss), cancellationToken);
                await coordinator.ReleaseAsync(refine.Sweeps.Average);
                return end;
            }
            catch (Exception exception) when (PieceRunner.IsLoss(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (++failures >= MostRefinementFailures)
                {
                    throw new JobException(
                        $"refinement failed {failures} times in a row; the last time: {PieceRunner.Describe(exception)}",
                        "look into the logs of the silos, then go on with 'explicit jobs resume': it goes on from the last checkpoint");
                }
                Note("refinement", PieceRunner.Describe(exception));
            }
            await Task.Delay(RefinementPause, cancellationToken);
        }

        async Task KeepAsync(RefinementCheckpoint checkpoint)
        {
            var before = _record!.Checkpoint;
            await WriteAsync(_record with { Checkpoint = checkpoint });
            failures = 0;
            if (before is not null)
                await ForgetAsync($"{before.Name}/");
        }
    }

    /// <summary>What the workers of any attempt must know.</summary>
    private SweepWork SweepWorkOf(JobPlan plan, MergedStatistics merged) => new()
    {
        Epoch = 0,
        Merged = merged,
        Layout = FeatureMaps.KeyOf(Specification.Features, plan.Encoder.Shape),
        Compact = Specification.Compact,
        Settings = Specification.Refine.Sweeps,
        Seed = Specification.Seed,
        Workers = 0,
    };
}
