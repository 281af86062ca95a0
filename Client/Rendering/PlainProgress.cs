using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Progress as plain lines for logs: the end of each stage and of each round, and between them at most a line a second.</summary>
internal sealed class PlainProgress(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _printed = time.GetTimestamp();
    private long _stageStarted = time.GetTimestamp();
    private JobEvent? _last;
    private int _rounds;

    public async Task<JobRecord?> FollowAsync(IAsyncEnumerable<JobEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var step in events.WithCancellation(cancellationToken))
        {
            if (_last is { } last && last.Stage != step.Stage)
                EndStage(last);
            if (step.Plan is { } plan)
                MemoryPlanView.Show(plan, console);
            foreach (var round in step.Rounds.Skip(_rounds))
                Print($"refine: {RoundView.Of(round)}");
            _rounds = step.Rounds.Length;
            if (step.Record is { Status: not JobStatus.Running } record)
            {
                if (record.Status == JobStatus.Done && _last is not null)
                    EndStage(step.Rows > 0 || step.Shards > 0 || step.Stage != _last.Stage ? step : _last);
                return record;
            }
            _last = step;
            if (time.GetElapsedTime(_printed) >= Pause)
                Print($"{Counts(step)}{(step.Remaining is { } left ? $", {Figures.Clock(left)} left" : "")}");
        }
        return null;
    }

    private void EndStage(JobEvent step)
    {
        Print(
            $"{Counts(step with { ShardsDone = step.Shards, RowsDone = step.Rows })}, "
            + $"{Figures.Seconds(time.GetElapsedTime(_stageStarted).TotalSeconds)}");
        _stageStarted = time.GetTimestamp();
    }

    private static string Counts(JobEvent step)
    {
        string[] parts =
        [
            step.Shards > 0 ? $"{Part(step.ShardsDone, step.Shards)} {Words.PartsOf(step.Stage)}" : "",
            step.Rows > 0 ? $"{Part(step.RowsDone, step.Rows)} rows" : "",
            Figures.Rate(step.RowsPerSecond),
            step.Loss is { } loss ? $"cross-entropy {Figures.Measure(loss)}" : "",
        ];
        var counts = string.Join(", ", parts.Where(part => part.Length > 0));
        return counts.Length == 0 ? Words.Of(step.Stage) : $"{Words.Of(step.Stage)}: {counts}";
    }

    private static string Part(long done, long all) => done == all ? Figures.Count(all) : $"{Figures.Count(done)} of {Figures.Count(all)}";

    private void Print(string line)
    {
        // Straight to the writer: a log's line is neither wrapped nor coloured.
        console.Profile.Out.Writer.WriteLine(line);
        console.Profile.Out.Writer.Flush();
        _printed = time.GetTimestamp();
    }
}
