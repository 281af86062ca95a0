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

    /// <summary>Where the job is now, at once; null where no such job was ever started. Wakes a running job whose silo died: ask again after an error.</summary>
    [Alias("Poll"), ResponseTimeout("00:00:05")]
    Task<JobEvent?> PollAsync(CancellationToken cancellationToken = default);

    /// <summary>Runs a failed or cancelled job again from what the store holds; one that runs or is done is left as it is.</summary>
    [Alias("Resume"), ResponseTimeout("00:00:10")]
    Task<JobRecord?> ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>Progress from now to the end; the last event carries the final record. A job that has ended gives that event alone.</summary>
    [Alias("Watch")]
    IAsyncEnumerable<JobEvent> WatchAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks a running job to stop; what it has completed stays for the next job on the same data.</summary>
    [Alias("Cancel")]
    Task CancelAsync(CancellationToken cancellationToken = default);
}
