namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>
/// A worker of averaged SGD, keyed by <c>job/worker</c>: owns a fixed set of rows, keeps them encoded in memory, and takes local steps on them. After a
/// round all workers have the same parameters. A worker that lost its silo has nothing; the job prepares all again from the newest checkpoint.
/// </summary>
[Alias("explicit.IAveragingWorkerGrain")]
public interface IAveragingWorkerGrain : IRefinementGrain
{
    /// <summary>Begins an attempt. All workers join before any prepares, so that those of one silo read their rows together.</summary>
    [Alias("Join"), ResponseTimeout("12:00:00")]
    Task JoinAsync(AveragingWork work, WorkerShare train, WorkerShare test, CancellationToken cancellationToken = default);

    /// <summary>Reads and encodes the rows, unless that is done, and takes the parameters of the checkpoint or of the start; gives the losses there.</summary>
    [Alias("Prepare"), ResponseTimeout("12:00:00")]
    Task<RoundTotals> PrepareAsync(long epoch, CancellationToken cancellationToken = default);

    /// <summary>The norm of the gradient of all workers' mean loss at the parameters of the start.</summary>
    [Alias("Gradient"), ResponseTimeout("12:00:00")]
    Task<double> GradientAsync(long epoch, CancellationToken cancellationToken = default);

    /// <summary>One round: local steps, the mean with the other workers; gives the losses of the mean on the worker's rows.</summary>
    [Alias("Round"), ResponseTimeout("12:00:00")]
    Task<RoundTotals> RoundAsync(long epoch, int round, CancellationToken cancellationToken = default);

    /// <summary>Writes the parameters under a name; gives the file's SHA-256.</summary>
    [Alias("Save"), ResponseTimeout("12:00:00")]
    Task<string> SaveAsync(long epoch, string name, CancellationToken cancellationToken = default);
}
