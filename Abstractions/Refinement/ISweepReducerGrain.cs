using Orleans.Concurrency;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>The reducer of one run of scaling sweeps, keyed by <c>job/run</c>: adds the workers' expected counts and moves the run's weights.</summary>
[Alias("explicit.ISweepReducerGrain")]
public interface ISweepReducerGrain : IRefinementGrain
{
    /// <summary>Takes the weights of the checkpoint, or those of the start; whoever still waits for a sum is let go.</summary>
    [Alias("Prepare"), ResponseTimeout("12:00:00")]
    Task PrepareAsync(SweepWork work, CancellationToken cancellationToken = default);

    /// <summary>Adds one worker's part of a chunk's expected counts; gives the sum once every worker has added its own.</summary>
    [Alias("Add"), ResponseTimeout("12:00:00"), AlwaysInterleave]
    Task<ExpectedCounts> AddAsync(ExpectedCounts part, CancellationToken cancellationToken = default);

    /// <summary>Moves the weights by the last step and writes them under a name; gives the file's SHA-256.</summary>
    [Alias("Save"), ResponseTimeout("12:00:00")]
    Task<string> SaveAsync(long epoch, double lastStep, string name, CancellationToken cancellationToken = default);
}
