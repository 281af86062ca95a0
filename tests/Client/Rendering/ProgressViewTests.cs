using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Tests.Rendering;

public sealed class ProgressViewTests
{
    private static readonly MemoryPlan Plan = new([new MemoryItem("statistics [red]of[/] shards", 123_456_789), new MemoryItem("weights", 2048)], 8L << 30);

    [Fact]
    public async Task Redirected_progress_is_plain_lines_about_a_second_apart()
    {
        var console = new RecordedConsole();
        var clock = new StepClock();
        var record = await ProgressView.ShowAsync(Events(clock), console.Console, clock, TestContext.Current.CancellationToken);
        Assert.Equal(JobStatus.Done, record.Status);
        Assert.DoesNotContain(console.Text, character => char.IsControl(character) && character != '\n');
        Assert.Contains("accumulate: 4 of 8 shards, 30,000 of 60,000 rows, 41,200 rows/s, 0:04 left", console.Lines);
        Assert.Contains("accumulate: 8 shards, 60,000 rows, 41,200 rows/s, 8.10 s", console.Lines);
        Assert.Contains("evaluate: 10 shards, 70,000 rows, 0.10 s", console.Lines);
        Assert.InRange(console.Lines.Count(line => line.StartsWith("accumulate", StringComparison.Ordinal)), 8, 10);
    }

    [Fact]
    public async Task The_memory_plan_is_a_small_table_with_its_total()
    {
        var console = new RecordedConsole();
        await ProgressView.ShowAsync(Events(new StepClock()), console.Console, new StepClock(), TestContext.Current.CancellationToken);
        Assert.Contains(console.Lines, line => line.Contains("statistics [red]of[/] shards", StringComparison.Ordinal) && line.Contains("118 MiB", StringComparison.Ordinal));
        Assert.Contains(console.Lines, line => line.Contains("in all, of 8.0 GiB available", StringComparison.Ordinal) && line.Contains("118 MiB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_terminal_shows_a_line_a_stage_within_80_columns()
    {
        var console = new RecordedConsole(isTerminal: true);
        var clock = new StepClock();
        await ProgressView.ShowAsync(Events(clock), console.Console, clock, TestContext.Current.CancellationToken);
        foreach (var part in (string[])["plan", "accumulate", "8/8 shards", "41,200 rows/s", "evaluate", "━━━", "memory plan"])
            Assert.Contains(part, console.Text, StringComparison.Ordinal);
        var visible = System.Text.RegularExpressions.Regex.Replace(console.Text, "\u001b\\[[0-9;?]*[A-Za-z]", "");
        Assert.All(visible.Split('\n', '\r'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    public async Task A_terminal_shows_every_round_and_the_loss_at_any_width(int width)
    {
        var console = new RecordedConsole(isTerminal: true, width);
        await ProgressView.ShowAsync(Refining(), console.Console, TestContext.Current.CancellationToken);
        foreach (var part in (string[])["0.4444", "0.3333", "0.8125", "refine", "loss 0.3333", .. width < 80 ? [] : (string[])["█▄▁"]])
            Assert.Contains(part, console.Text, StringComparison.Ordinal);
        var visible = System.Text.RegularExpressions.Regex.Replace(console.Text, "\u001b\\[[0-9;?]*[A-Za-z]", "");
        Assert.All(visible.Split('\n', '\r'), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public async Task Redirected_progress_has_a_line_a_round()
    {
        var console = new RecordedConsole();
        await ProgressView.ShowAsync(Refining(), console.Console, new StepClock(), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["refine: round 1: cross-entropy 0.4444, 1.25 s", "refine: round 2: cross-entropy 0.3333, test 0.3500, accuracy 0.8125, 1.50 s"],
            console.Lines.Where(line => line.Contains("round", StringComparison.Ordinal)));
    }

    /// <summary>Two rounds of which watchers are told when they have ended, again and again.</summary>
    private static async IAsyncEnumerable<JobEvent> Refining()
    {
        await Task.Yield();
        RefinementRound[] rounds = [new(1, .4444, null, null, 1.25, null), new(2, .3333, .35, .8125, 1.5, null)];
        var refine = new JobEvent { Stage = JobStage.Refine, Shards = 3 };
        yield return refine;
        yield return refine with { ShardsDone = 1, Loss = .6 };
        yield return refine with { ShardsDone = 2, Loss = .4444, Rounds = [rounds[0]] };
        yield return refine with { ShardsDone = 3, Loss = .3333, Rounds = [.. rounds] };
        yield return new JobEvent { Stage = JobStage.Publish, Rounds = [.. rounds] };
        yield return new JobEvent { Stage = JobStage.Evaluate, Rounds = [.. rounds], Record = SampleJob.Done };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_has_already_ended_gives_its_record_at_once(bool isTerminal)
    {
        var console = new RecordedConsole(isTerminal);
        var record = await ProgressView.ShowAsync(One(), console.Console, TestContext.Current.CancellationToken);
        Assert.Equal(JobStatus.Failed, record.Status);

        static async IAsyncEnumerable<JobEvent> One()
        {
            await Task.Yield();
            yield return new JobEvent { Stage = JobStage.Accumulate, Record = SampleJob.Failed };
        }
    }

    [Fact]
    public async Task A_failed_stage_is_not_shown_as_done()
    {
        var console = new RecordedConsole(isTerminal: true);
        await ProgressView.ShowAsync(Failing(), console.Console, TestContext.Current.CancellationToken);
        Assert.Contains("stopped", console.Text, StringComparison.Ordinal);

        static async IAsyncEnumerable<JobEvent> Failing()
        {
            await Task.Yield();
            yield return new JobEvent { Stage = JobStage.Accumulate, Shards = 8, ShardsDone = 2 };
            yield return new JobEvent { Stage = JobStage.Accumulate, Record = SampleJob.Failed };
        }
    }

    [Fact]
    public async Task Events_that_stop_without_a_record_are_an_error()
    {
        await Assert.ThrowsAsync<ProgressEndedException>(() =>
            ProgressView.ShowAsync(None(), new RecordedConsole().Console, TestContext.Current.CancellationToken));

        static async IAsyncEnumerable<JobEvent> None()
        {
            await Task.Yield();
            yield break;
        }
    }

    private static async IAsyncEnumerable<JobEvent> Events(StepClock clock)
    {
        await Task.Yield();
        yield return new JobEvent { Stage = JobStage.Plan };
        yield return new JobEvent { Stage = JobStage.Plan, Plan = Plan };
        for (var shard = 0; shard <= 8; shard++)
        {
            for (var step = 0; step < 10 && shard > 0; step++)
                clock.Advance(TimeSpan.FromSeconds(.1));
            yield return new JobEvent
            {
                Stage = JobStage.Accumulate,
                Shards = 8,
                ShardsDone = shard,
                Rows = 60_000,
                RowsDone = shard * 7_500,
                RowsPerSecond = 41_234.5,
                Remaining = TimeSpan.FromSeconds(8 - shard),
            };
        }
        clock.Advance(TimeSpan.FromSeconds(.1));
        yield return new JobEvent { Stage = JobStage.Evaluate, Shards = 10, Rows = 70_000 };
        clock.Advance(TimeSpan.FromSeconds(.1));
        yield return new JobEvent { Stage = JobStage.Evaluate, Record = SampleJob.Done };
    }

    private sealed class StepClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
