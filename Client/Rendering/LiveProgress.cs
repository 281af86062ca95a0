using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExplicitCluster.Client.Rendering;

/// <summary>
/// Progress on a terminal: a line a stage with a bar, shards, rate or loss and the time left, and above them a line for every round that ended. A narrow
/// terminal has fewer columns.
/// </summary>
internal sealed class LiveProgress(IAnsiConsole console, TimeProvider time)
{
    private const int SparkWidth = 10;

    private readonly Dictionary<int, StageLine> _lines = [];
    private int _rounds;

    public async Task<JobRecord?> FollowAsync(IAsyncEnumerable<JobEvent> events, CancellationToken cancellationToken)
    {
        var progress = console.Progress();
        progress.RefreshRate = TimeSpan.FromMilliseconds(100);
        progress.Columns(ColumnsFor(console.Profile.Width));
        return await progress.StartAsync(context => FollowAsync(events, context, cancellationToken));
    }

    /// <summary>The columns that fit, the less needed left out first.</summary>
    private ProgressColumn[] ColumnsFor(int width)
    {
        var shards = new LineColumn(_lines, 14, line => line.Shards);
        var rate = new LineColumn(_lines, 16, line => line.Rate);
        var left = new LineColumn(_lines, 12, line => line.Time);
        var stage = new TaskDescriptionColumn { Alignment = Justify.Left };
        return width switch
        {
            >= 91 => [stage, new ProgressBarColumn { Width = 24 }, shards, rate, left, new LineColumn(_lines, SparkWidth, line => line.Curve)],
            >= 80 => [stage, new ProgressBarColumn { Width = 13 }, shards, rate, left, new LineColumn(_lines, SparkWidth, line => line.Curve)],
            >= 62 => [stage, new ProgressBarColumn { Width = width - 57 }, shards, rate, left],
            >= 57 => [stage, shards, rate, left],
            _ => [stage, new LineColumn(_lines, 16, line => line.RateOrShards), left],
        };
    }

    private async Task<JobRecord?> FollowAsync(IAsyncEnumerable<JobEvent> events, ProgressContext context, CancellationToken cancellationToken)
    {
        StageLine? current = null;
        await foreach (var step in events.WithCancellation(cancellationToken))
        {
            if (step.Plan is { } plan)
                MemoryPlanView.Show(plan, console);
            foreach (var round in step.Rounds.Skip(_rounds))
                console.WriteLine(RoundView.Of(round, console.Profile.Width), new Style(Color.Green));
            _rounds = step.Rounds.Length;
            var record = step.Record is { Status: not JobStatus.Running } ended ? ended : null;
            if (record is not null && current is null)
                return record;
            if (current?.Stage != step.Stage && (record is null || record.Status == JobStatus.Done))
            {
                current?.End(succeeded: true);
                current = new StageLine(context.AddTask(Words.Of(step.Stage), maxValue: 1), step.Stage, time);
                _lines[current.Task.Id] = current;
            }
            current!.Show(step);
            if (record is not null)
            {
                current.End(record.Status == JobStatus.Done);
                return record;
            }
        }
        return null;
    }

    private sealed class StageLine(ProgressTask task, JobStage stage, TimeProvider time)
    {
        private readonly long _started = time.GetTimestamp();
        private readonly List<double> _losses = [];
        private JobEvent? _step;
        private TimeSpan? _took;
        private bool _succeeded;

        public ProgressTask Task { get; } = task;

        public JobStage Stage { get; } = stage;

        public Text Shards => new(_step is { Shards: > 0 } ? $"{_step.ShardsDone}/{_step.Shards} {Words.PartsOf(_step.Stage)}" : "");

        public Text Rate => new(_step is null ? "" : _step.Loss is { } loss ? $"loss {Figures.Measure(loss)}" : Figures.Rate(_step.RowsPerSecond));

        public Text RateOrShards => _step is { Loss: null, Shards: > 0 } ? Shards : Rate;

        /// <summary>How the loss came down.</summary>
        public Text Curve => new(Sparkline.Of(_losses, SparkWidth));

        public Text Time => (_took, _succeeded) switch
        {
            ({ } took, true) => new Text(Figures.Seconds(took.TotalSeconds), new Style(Color.Green)),
            (not null, false) => new Text("stopped", new Style(Color.Red)),
            _ => new Text(_step?.Remaining is { } left ? $"{Figures.Clock(left)} left" : ""),
        };

        public void Show(JobEvent step)
        {
            if (step.Shards == 0 && step.Rows == 0)
            {
                Task.IsIndeterminate = _step is null or { Shards: 0, Rows: 0 };
                return;
            }
            if (step.Loss is { } loss && (_step is null || _step.ShardsDone != step.ShardsDone))
                _losses.Add(loss);
            _step = step;
            Task.IsIndeterminate = false;
            Task.Value = Math.Clamp(step.Rows > 0 ? (double)step.RowsDone / step.Rows : (double)step.ShardsDone / step.Shards, 0, 1);
        }

        public void End(bool succeeded)
        {
            (_took, _succeeded) = (time.GetElapsedTime(_started), succeeded);
            Task.IsIndeterminate = false;
            if (succeeded)
            {
                _step = _step is null ? null : _step with { ShardsDone = _step.Shards };
                Task.Value = 1;
            }
            Task.StopTask();
        }
    }

    private sealed class LineColumn(Dictionary<int, StageLine> lines, int width, Func<StageLine, Text> part) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var text = lines.TryGetValue(task.Id, out var line) ? part(line) : Text.Empty;
            text.Justification = Justify.Right;
            return text;
        }

        public override int? GetColumnWidth(RenderOptions options) => width;
    }
}
