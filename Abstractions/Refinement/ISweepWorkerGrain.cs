using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>
/// A worker of scaling sweeps, keyed by <c>job/worker</c>: owns a fixed set of rows and keeps their codes and scores in memory. All runs go in lockstep.
/// A worker that lost its silo has nothing; the job prepares all workers again from the newest checkpoint.
/// </summary>
[Alias("explicit.ISweepWorkerGrain")]
public interface ISweepWorkerGrain : IRefinementGrain
{
    /// <summary>Reads and encodes the rows, unless that is done, and takes the scores of the checkpoint, or those of the start.</summary>
    [Alias("Prepare"), ResponseTimeout("12:00:00")]
    Task PrepareAsync(SweepWork work, WorkerShare share, CancellationToken cancellationToken = default);

    /// <summary>Moves the scores by the last steps, sums expected counts with the other workers and forms the direction; gives the sums at step 0, one a run.</summary>
    [Alias("Direct"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<LineTotals>> DirectAsync(SweepStep step, CancellationToken cancellationToken = default);

    /// <summary>The sums at these steps along the direction, one a run; a run whose step is not a number has none.</summary>
    [Alias("Sums"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<LineTotals>> SumsAsync(long epoch, ImmutableArray<double> steps, CancellationToken cancellationToken = default);

    /// <summary>Moves the scores by the last steps; gives the sums there.</summary>
    [Alias("Move"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<LineTotals>> MoveAsync(long epoch, ImmutableArray<double> steps, CancellationToken cancellationToken = default);

    /// <summary>Writes the scores of all runs under a name; gives the file's SHA-256.</summary>
    [Alias("Save"), ResponseTimeout("12:00:00")]
    Task<string> SaveAsync(long epoch, string name, CancellationToken cancellationToken = default);
}
