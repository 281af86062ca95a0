using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>One training job, keyed by its id: runs the stages in order and is the only writer of the job's record.</summary>
[Alias("explicit.ITrainingJobGrain")]
public interface ITrainingJobGrain : IGrainWithStringKey
{
    /// <summary>Starts the job and returns at once; a job that runs or has ended is left as it is, and its record is returned.</summary>
    [Alias("Start")]
    Task<JobRecord> StartAsync(JobSpecification specification, CancellationToken cancellationToken = default);

    /// <summary>The record, or null where no such job was ever started.</summary>
    [Alias("Get")]
    Task<JobRecord?> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Progress from now to the end; the last event carries the final record. A job that has ended gives that event alone.</summary>
    [Alias("Watch")]
    IAsyncEnumerable<JobEvent> WatchAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks a running job to stop; what it has completed stays for the next job on the same data.</summary>
    [Alias("Cancel")]
    Task CancelAsync(CancellationToken cancellationToken = default);
}
