using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// What watchers of a job see. Used from the job grain's scheduler only. Events within a stage come at most twenty times a second; the first and
/// the last event of a stage always come.
/// </summary>
internal sealed class JobProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly List<Channel<JobEvent>> _watchers = [];
    private JobEvent _current = new() { Stage = JobStage.Plan };
    private long _stageStart = Stopwatch.GetTimestamp();
    private long _lastSent;
    private MemoryPlan? _plan;
    private (int Chunks, double Seconds)? _firstReached;

    /// <summary>Where the job is now, with its memory plan once that is known.</summary>
    public JobEvent Current => _current with { Plan = _plan };

    public void Begin(JobStage stage, int shards, long rows)
    {
        _stageStart = Stopwatch.GetTimestamp();
        _firstReached = null;
        Send(new JobEvent { Stage = stage, Shards = shards, Rows = rows, Rounds = _current.Rounds });
    }

    /// <summary>One more shard of this many rows is done.</summary>
    public void Advance(long rows)
    {
        var done = _current.RowsDone + rows;
        var seconds = Math.Max(Stopwatch.GetElapsedTime(_stageStart).TotalSeconds, 1e-6);
        _current = _current with
        {
            ShardsDone = _current.ShardsDone + 1,
            RowsDone = done,
            RowsPerSecond = done / seconds,
            Remaining = done == 0 ? null : TimeSpan.FromSeconds((_current.Rows - done) * seconds / done),
        };
        if (_current.ShardsDone == _current.Shards || Stopwatch.GetElapsedTime(_lastSent) > Interval)
            Send(_current);
    }

    /// <summary>So many chunks of the stage are done, and what the loss is by now.</summary>
    public void Reach(int chunks, double loss)
    {
        var seconds = Stopwatch.GetElapsedTime(_stageStart).TotalSeconds;
        _firstReached ??= (chunks, seconds); // a resumed stage does not begin at 0, and rows are read before the first chunk
        var (first, begun) = _firstReached.Value;
        _current = _current with
        {
            ShardsDone = chunks,
            Loss = loss,
            Remaining = chunks > first ? TimeSpan.FromSeconds((_current.Shards - chunks) * (seconds - begun) / (chunks - first)) : null,
        };
        if (chunks == _current.Shards || Stopwatch.GetElapsedTime(_lastSent) > Interval)
            Send(_current);
    }

    /// <summary>Rounds of the refinement that have ended; watchers are told of each.</summary>
    public void Ended(ImmutableArray<RefinementRound> rounds)
    {
        if (rounds.Length != _current.Rounds.Length)
            Send(_current with { Rounds = rounds });
    }

    public void Planned(MemoryPlan plan)
    {
        _plan = plan;
        var step = _current;
        Send(step with { Plan = plan });
        _current = step;
    }

    public void End(JobRecord record)
    {
        Send(_current with { Record = record });
        LetGo();
    }

    /// <summary>The job goes on elsewhere: watchers must ask again.</summary>
    public void LetGo()
    {
        foreach (var watcher in _watchers)
            watcher.Writer.TryComplete();
        _watchers.Clear();
    }

    public async IAsyncEnumerable<JobEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<JobEvent>();
        channel.Writer.TryWrite(Current);
        if (_current.Record is null)
            _watchers.Add(channel);
        else
            channel.Writer.TryComplete();
        try
        {
            await foreach (var step in channel.Reader.ReadAllAsync(cancellationToken))
                yield return step;
        }
        finally
        {
            _watchers.Remove(channel);
        }
    }

    private void Send(JobEvent step)
    {
        _current = step;
        _lastSent = Stopwatch.GetTimestamp();
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(step);
    }
}
