using System.Runtime.CompilerServices;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Jobs;

/// <inheritdoc cref="ITrainingJobGrain"/>
/// <remarks>
/// The life of a job; its stages, one method each, are in TrainingJobGrain.Stages.cs. The record in the store says whether a job runs: any
/// activation that finds it running takes it on, first writing so into the record on condition of its ETag. Of two that try, one writes; one that
/// was thought dead fails at its next write and lets go.
/// </remarks>
internal sealed partial class TrainingJobGrain(
    IArtifactStore store,
    SourceReader reader,
    ComputeGate gate,
    SharedArtifacts shared,
    JobReminder reminder,
    ExplicitInstruments instruments,
    IOptions<ExplicitOptions> options,
    ActiveSilos silos,
    ILogger<TrainingJobGrain> logger)
    : Grain, ITrainingJobGrain, IRemindable, IDisposable
{
    /// <summary>A stage that so many coordinators did not survive, none of whom came to another checkpoint, will not be survived by the next.</summary>
    private const int MostTakingsOfAStage = 20;

    private const int MostRetriesKept = 50;
    private const string Coordinator = "coordinator";

    private JobProgress _progress = new();
    private CancellationTokenSource? _cancellation;
    private Task _run = Task.CompletedTask;
    private bool _lettingGo;

    /// <summary>The job's failure could not be written, because the store is what failed.</summary>
    private bool _isUnrecorded;

    private JobRecord? _record;
    private string? _etag;

    private string Id => this.GetPrimaryKeyString();

    private bool IsRunningHere => _cancellation is not null;

    public override Task OnActivateAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>A silo that stops lets its jobs go on elsewhere: they are neither cancelled nor failed.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _lettingGo = true;
        if (_cancellation is not null)
            await _cancellation.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public async Task<JobRecord> StartAsync(JobSpecification specification, CancellationToken cancellationToken = default)
    {
        if (_record is null)
        {
            await reminder.AddAsync(Id, cancellationToken);
            await WriteAsync(new JobRecord
            {
                Id = Id,
                Specification = specification,
                Status = JobStatus.Running,
                Stage = JobStage.Plan,
                Started = DateTimeOffset.UtcNow,
            });
            Begin();
        }
        await TakeOnAsync();
        return _record!;
    }

    public async Task<JobRecord?> GetAsync(CancellationToken cancellationToken = default)
    {
        await TakeOnAsync();
        return _record;
    }

    public async Task<JobEvent?> PollAsync(CancellationToken cancellationToken = default)
    {
        await TakeOnAsync();
        return _record is null ? null : _progress.Current;
    }

    public async Task<JobRecord?> ResumeAsync(CancellationToken cancellationToken = default)
    {
        if (_isUnrecorded)
        {
            _etag = null; // a container that was made anew has no record to go on with but the one here
            await ReadAsync(cancellationToken);
            _isUnrecorded = false;
        }
        if (_record is { Status: JobStatus.Failed or JobStatus.Cancelled })
        {
            await _run; // its last words
            await reminder.AddAsync(Id, cancellationToken);
            await WriteAsync(_record with { Status = JobStatus.Running, Failure = null, Ended = null, Attempts = _record.Attempts + 1, Retries = [] });
            Begin();
        }
        await TakeOnAsync();
        return _record;
    }

    public async IAsyncEnumerable<JobEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await TakeOnAsync();
        await foreach (var step in _progress.WatchAsync(cancellationToken))
            yield return step;
    }

    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        await TakeOnAsync();
        if (_cancellation is not null)
            await _cancellation.CancelAsync();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _record is { Status: JobStatus.Running } ? TakeOnAsync() : CleanUpAsync();

    public void Dispose() => _cancellation?.Dispose();

    /// <summary>Takes on a job that the record says is running, unless it runs here.</summary>
    private async Task TakeOnAsync()
    {
        if (_record is not { Status: JobStatus.Running } || IsRunningHere || _lettingGo)
            return;
        var takings = _record.Retries.Reverse().Where(retry => retry.What == Coordinator).TakeWhile(retry => retry.Stage == _record.Stage && retry.Progress == _record.Checkpoint?.Place).Count();
        try
        {
            if (takings >= MostTakingsOfAStage)
            {
                await EndAsync(_record with
                {
                    Status = JobStatus.Failed,
                    Failure = new JobFailure(
                        _record.Stage,
                        $"{takings} silos died or stopped while they ran this stage",
                        "look into the logs of the silos (memory?), then go on with 'explicit jobs resume': what is done is kept",
                        null),
                });
                return;
            }
            Note(Coordinator, "the silo that ran the job died or stopped");
            await WriteAsync(_record with { Attempts = _record.Attempts + 1 });
            Begin();
        }
        catch (OvertakenException)
        {
            await ReadAsync(CancellationToken.None);
        }
    }

    private void Begin()
    {
        _cancellation = new CancellationTokenSource();
        if (_progress.Current.Record is not null)
            _progress = new JobProgress();
        _planned = null;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _run = RunAsync(_cancellation); // observed through the record and the progress
    }

    private async Task RunAsync(CancellationTokenSource cancellation)
    {
        using var trace = ExplicitInstruments.Trace("job", Id);
        try
        {
            LogBegun(logger, Id, _record!.Attempts);
            var reminding = reminder.SetAsync(this.GetGrainId());
            var ended = await RunToEndAsync(cancellation.Token);
            await reminding;
            if (_lettingGo && ended.Status != JobStatus.Done)
                _progress.LetGo();
            else
                await EndAsync(ended);
        }
        catch (OvertakenException)
        {
            LogOvertaken(logger, Id);
            // Before watchers ask again; where the store fails as well, it is read when they do.
            await ReadAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            _progress.LetGo();
        }
        catch (Exception exception)
        {
            LogRecordNotWritten(logger, Id, exception);
            _record = _record! with { Status = JobStatus.Failed, Result = null, Failure = FailureOf(exception) };
            _progress.End(_record);
            _isUnrecorded = true;
        }
        finally
        {
            _cancellation = null;
            cancellation.Dispose();
            DelayDeactivation(TimeSpan.Zero);
        }
    }

    private async Task<JobRecord> RunToEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunStagesAsync(cancellationToken);
            return _record! with { Status = JobStatus.Done, Result = result, Checkpoint = null };
        }
        catch (Exception exception) when (exception is not OvertakenException)
        {
            return cancellationToken.IsCancellationRequested
                ? _record! with { Status = JobStatus.Cancelled }
                : _record! with { Status = JobStatus.Failed, Failure = FailureOf(exception) };
        }
    }

    /// <summary>The end goes on record first: if this silo dies in the midst of it, only rubbish is left.</summary>
    private async Task EndAsync(JobRecord ended)
    {
        await WriteAsync(ended with { Ended = DateTimeOffset.UtcNow });
        await ForgetPartsAsync();
        _progress.End(_record!);
        instruments.JobEnded(ended.Status.ToString());
        LogEnded(logger, Id, ended.Status, _record!.Stage);
        await reminder.RemoveAsync(this.GetGrainId(), Id);
    }

    /// <summary>Of a job whose end is on record, but whose silo died before all of this was done.</summary>
    private async Task CleanUpAsync()
    {
        if (_record is not null)
            await ForgetPartsAsync();
        await reminder.RemoveAsync(this.GetGrainId(), Id);
    }

    /// <summary>Weights on their way to a model that will not come are of no use to any other job. Checkpoints stay unless the job is done: it may be resumed.</summary>
    private async Task ForgetPartsAsync()
    {
        if (_record!.Status != JobStatus.Done)
            await ForgetAsync(JobFolder.WeightsPartsOf(Id));
        else if (Specification.Refines)
            await ForgetAsync(JobFolder.RoundsOf(Id));
    }

    private async Task ForgetAsync(string prefix, Predicate<string>? isMeant = null)
    {
        try
        {
            await foreach (var part in store.ListAsync(prefix, CancellationToken.None))
            {
                if (isMeant?.Invoke(part) != false)
                    await store.DeleteAsync(part, CancellationToken.None);
            }
        }
        catch (StoreException exception)
        {
            LogUnexpected(logger, Id, _record!.Stage, exception);
        }
    }

    private JobFailure FailureOf(Exception exception)
    {
        if (exception is PieceFailedException piece)
            return new JobFailure(_record!.Stage, piece.Failure.Message, piece.Failure.Remedy, null) { Piece = piece.Piece };
        if (Failures.Of(exception) is { } known)
            return new JobFailure(_record!.Stage, known.Message, known.Remedy, null);
        LogUnexpected(logger, Id, _record!.Stage, exception);
        return new JobFailure(
            _record.Stage,
            $"{exception.GetType().Name}: {exception.Message}",
            "train again: completed shards are reused; if it happens again, report it with the output of --verbose",
            exception.ToString());
    }

    /// <summary>Keeps in the record what was tried again, with the next write of it.</summary>
    private void Note(string what, string reason)
    {
        LogRetry(logger, Id, what, reason);
        instruments.Retried();
        var retries = _record!.Retries.Add(new JobRetry(DateTimeOffset.UtcNow, _record.Stage, what, reason) { Progress = _record.Checkpoint?.Place });
        _record = _record with { Retries = retries.Length > MostRetriesKept ? [.. retries[^MostRetriesKept..]] : retries };
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // Whoever called hears of a store that fails as a cause and a remedy.
        if (await Failures.Translate(() => JobFolder.ReadAsync(store, Id, cancellationToken)) is not { } stored)
            return;
        (_record, _etag) = stored;
        if (_record.Status != JobStatus.Running)
            _progress.End(_record);
    }

    /// <exception cref="OvertakenException">Another activation has written the record since.</exception>
    private async Task WriteAsync(JobRecord record)
    {
        try
        {
            _etag = await JobFolder.WriteAsync(store, record, _etag, CancellationToken.None);
        }
        catch (ArtifactConflictException exception)
        {
            throw new OvertakenException(exception);
        }
        catch (StoreException exception)
        {
            throw Failures.Of(exception)!;
        }
        _record = record;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} runs on this silo, attempt {Attempt}")]
    private static partial void LogBegun(ILogger logger, string job, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ended: {Status}, in stage {Stage}")]
    private static partial void LogEnded(ILogger logger, string job, JobStatus status, JobStage stage);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed in stage {Stage}")]
    private static partial void LogUnexpected(ILogger logger, string job, JobStage stage, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The record of job {Job} could not be written")]
    private static partial void LogRecordNotWritten(ILogger logger, string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: another silo has taken it on; this one lets go")]
    private static partial void LogOvertaken(ILogger logger, string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: {What} is tried again: {Reason}")]
    private static partial void LogRetry(ILogger logger, string job, string what, string reason);

    /// <summary>The record is not the one that this activation wrote last.</summary>
    private sealed class OvertakenException(Exception inner) : Exception("another activation has taken the job on", inner);
}
