using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Jobs;

/// <inheritdoc cref="ITrainingJobGrain"/>
/// <remarks>The life of a job; its stages, one method each, are in TrainingJobGrain.Stages.cs.</remarks>
internal sealed partial class TrainingJobGrain(
    IArtifactStore store, SourceReader reader, ComputeGate gate, IOptions<ExplicitOptions> options, ILogger<TrainingJobGrain> logger)
    : Grain, ITrainingJobGrain, IDisposable
{
    private readonly JobProgress _progress = new();
    private CancellationTokenSource? _cancellation;
    private JobRecord? _record;
    private string? _etag;

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await JobFolder.ReadAsync(store, Id, cancellationToken) is not { } stored)
            return;
        (_record, _etag) = stored;
        if (_record.Status != JobStatus.Running)
            _progress.End(_record);
    }

    public async Task<JobRecord> StartAsync(JobSpecification specification, CancellationToken cancellationToken = default)
    {
        if (_record is null)
        {
            await WriteAsync(new JobRecord
            {
                Id = Id,
                Specification = specification,
                Status = JobStatus.Running,
                Stage = JobStage.Plan,
                Started = DateTimeOffset.UtcNow,
            });
        }
        if (_record!.Status == JobStatus.Running && _cancellation is null)
        {
            _cancellation = new CancellationTokenSource();
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _ = RunAsync(_cancellation.Token); // observed through the record and the progress
        }
        return _record;
    }

    public Task<JobEvent?> PollAsync(CancellationToken cancellationToken = default) => Task.FromResult(_record is null ? null : _progress.Current);

    public async Task<JobRecord?> ResumeAsync(CancellationToken cancellationToken = default)
    {
        if (_record is { Status: JobStatus.Failed or JobStatus.Cancelled })
        {
            await WriteAsync(_record with { Status = JobStatus.Running, Failure = null, Ended = null, Attempts = _record.Attempts + 1 });
            await StartAsync(_record.Specification, cancellationToken);
        }
        return _record;
    }

    public Task<JobRecord?> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(_record);

    public IAsyncEnumerable<JobEvent> WatchAsync(CancellationToken cancellationToken = default) => _progress.WatchAsync(cancellationToken);

    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        if (_cancellation is not null)
            await _cancellation.CancelAsync();
    }

    public void Dispose() => _cancellation?.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        JobRecord ended;
        try
        {
            ended = _record! with { Status = JobStatus.Done, Result = await RunStagesAsync(cancellationToken) };
        }
        catch (Exception exception)
        {
            ended = cancellationToken.IsCancellationRequested
                ? _record! with { Status = JobStatus.Cancelled }
                : _record! with { Status = JobStatus.Failed, Failure = FailureOf(exception) };
        }
        if (ended.Status != JobStatus.Done)
            await ForgetPartsAsync();
        ended = ended with { Stage = _record!.Stage, Ended = DateTimeOffset.UtcNow };
        try
        {
            await WriteAsync(ended);
        }
        catch (Exception exception)
        {
            LogRecordNotWritten(logger, Id, exception);
            _record = ended with { Status = JobStatus.Failed, Result = null, Failure = FailureOf(exception) };
        }
        _progress.End(_record!);
        DelayDeactivation(TimeSpan.Zero);
    }

    /// <summary>Weights on their way to a model that will not come are of no use to any other job.</summary>
    private async Task ForgetPartsAsync()
    {
        try
        {
            await foreach (var part in store.ListAsync(JobFolder.WeightsPartsOf(Id), CancellationToken.None))
                await store.DeleteAsync(part, CancellationToken.None);
        }
        catch (StoreException exception)
        {
            LogUnexpected(logger, Id, _record!.Stage, exception);
        }
    }

    private JobFailure FailureOf(Exception exception)
    {
        if (Failures.Of(exception) is { } known)
            return new JobFailure(_record!.Stage, known.Message, known.Remedy, null);
        LogUnexpected(logger, Id, _record!.Stage, exception);
        return new JobFailure(
            _record.Stage,
            $"{exception.GetType().Name}: {exception.Message}",
            "train again: completed shards are reused; if it happens again, report it with the output of --verbose",
            exception.ToString());
    }

    private async Task WriteAsync(JobRecord record)
    {
        _etag = await JobFolder.WriteAsync(store, record, _etag, CancellationToken.None);
        _record = record;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed in stage {Stage}")]
    private static partial void LogUnexpected(ILogger logger, string job, JobStage stage, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The record of job {Job} could not be written")]
    private static partial void LogRecordNotWritten(ILogger logger, string job, Exception exception);
}
