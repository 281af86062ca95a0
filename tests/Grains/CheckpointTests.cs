using System.Collections.Concurrent;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Tests;

/// <summary>When checkpoints are written, which one a job goes on from, and that no other is left.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const string Never = "1.00:00:00";
    private const string EveryChunk = "00:00:00";

    private readonly SmallImages _images = new(wrong: 0.3);
    private readonly ConcurrentDictionary<string, int> _numbers = [];

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(RefineMethod.Sweeps, Never, RefinementJobs.Sweeps)]
    [InlineData(RefineMethod.Sweeps, EveryChunk, 0)]
    [InlineData(RefineMethod.Averaging, Never, RefinementJobs.Rounds + 1)]
    public async Task Every_round_and_sweep_ends_in_one_and_so_does_every_period_within_and_the_one_before_goes(RefineMethod method, string period, int count)
    {
        await using var silo = await StartAsync(period);
        var most = 0;
        Watch(silo, async checkpoint =>
        {
            var kept = await FoldersAsync(silo, "spaced");
            most = Math.Max(most, kept.Count(folder => folder != checkpoint));
        });
        var job = silo.Job("spaced");
        await job.StartAsync(RefinementJobs.Of(_images, method));
        var chunks = 0;
        await foreach (var step in job.WatchAsync(TestContext.Current.CancellationToken))
            chunks = step.Stage == JobStage.Refine ? step.Shards : chunks;
        Assert.True(chunks > 2 * RefinementJobs.Sweeps, $"{chunks} chunks in {RefinementJobs.Sweeps} sweeps");
        Assert.Equal(count == 0 ? chunks : count, _numbers.Count);
        Assert.InRange(most, 1, method == RefineMethod.Averaging ? 2 : 1); // an averaging keeps its best round as well
        Assert.Empty(await FoldersAsync(silo, "spaced"));
    }

    [Theory]
    [InlineData(RefineMethod.Sweeps)]
    [InlineData(RefineMethod.Averaging)]
    public async Task One_that_was_not_finished_is_never_read_and_the_newest_that_was_is_gone_on_from(RefineMethod method)
    {
        await using var silo = await StartAsync(EveryChunk);
        var specification = RefinementJobs.Of(_images, method);
        var expected = await silo.SolveAsync(specification);
        var files = 0;
        Watch(silo, _ => Task.CompletedTask, file =>
        {
            // The fifth checkpoint stays half of what it should be.
            if (_numbers.Count == 5 && (method == RefineMethod.Averaging || Interlocked.Increment(ref files) == 3))
                throw new StoreException("Cannot write: the disk is full.", "Free space there.");
        });
        var job = silo.Job("full");
        await job.StartAsync(specification);
        var failed = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Failed, JobStage.Refine), (failed.Status, failed.Stage));
        Assert.Equal(4, _numbers[failed.Checkpoint!.Name]);

        silo.Store.BeforeWrite = null;
        await job.ResumeAsync();
        JobEvent? first = null;
        JobRecord? record = null;
        await foreach (var step in job.WatchAsync(TestContext.Current.CancellationToken))
        {
            first ??= step is { Stage: JobStage.Refine, ShardsDone: > 0 } ? step : null;
            record = step.Record;
        }
        Assert.Equal((JobStatus.Done, 2), (record!.Status, record.Attempts));
        RefinementJobs.AssertSame(expected, record.Result!);
        var done = method == RefineMethod.Averaging
            ? failed.Checkpoint.Sweep - 1
            : (failed.Checkpoint.Sweep - 1) * first!.Shards / RefinementJobs.Sweeps + failed.Checkpoint.Chunk;
        Assert.InRange(first!.ShardsDone, done + 1, first.Shards);
        Assert.Empty(await FoldersAsync(silo, "full"));
    }

    [Theory]
    [InlineData(RefineMethod.Sweeps)]
    [InlineData(RefineMethod.Averaging)]
    public async Task One_that_is_damaged_is_told_of_and_the_refinement_begins_anew(RefineMethod method)
    {
        await using var silo = await StartAsync(EveryChunk);
        var specification = RefinementJobs.Of(_images, method);
        var expected = await silo.SolveAsync(specification);
        var job = silo.Job("damaged");
        Watch(silo, _ => _numbers.Count == 4 ? job.CancelAsync() : Task.CompletedTask);
        await job.StartAsync(specification);
        var cancelled = await TestSilo.EndOf(job);
        Assert.Equal(JobStatus.Cancelled, cancelled.Status);

        silo.Store.BeforeWrite = null;
        var file = (await NamesAsync(silo, "damaged")).First(name => name.StartsWith(cancelled.Checkpoint!.Name, StringComparison.Ordinal));
        var content = (await silo.Store.ReadAsync(file, CancellationToken.None))!.Content;
        content[^1] ^= 1;
        await silo.Store.WriteAsync(file, (stream, token) => stream.WriteAsync(content, token).AsTask(), WriteCondition.Always, CancellationToken.None);
        await job.ResumeAsync();
        var record = await TestSilo.EndOf(job);
        Assert.Contains(file, Assert.Single(record.Retries, retry => retry.What == "checkpoint").Reason);
        RefinementJobs.AssertSame(expected, record.Result!);
    }

    private Task<TestSilo> StartAsync(string period) => TestSilo.StartAsync(_images.Store, ("CheckpointPeriod", period));

    /// <summary>Notes every file of a checkpoint before it is written, and does something before the first file of each and before any.</summary>
    private void Watch(TestSilo silo, Func<string, Task> beforeCheckpoint, Action<string>? beforeFile = null) => silo.Store.BeforeWrite = async file =>
    {
        if (RefinementJobs.CheckpointOf(file) is not { } checkpoint)
            return;
        if (_numbers.TryAdd(checkpoint, _numbers.Count + 1))
            await beforeCheckpoint(checkpoint);
        beforeFile?.Invoke(file);
    };

    private static async Task<List<string>> NamesAsync(TestSilo silo, string job)
    {
        var names = new List<string>();
        await foreach (var name in silo.Store.ListAsync($"jobs/{job}/rounds/", CancellationToken.None))
            names.Add(name);
        return names;
    }

    private static async Task<IEnumerable<string>> FoldersAsync(TestSilo silo, string job) =>
        (await NamesAsync(silo, job)).Select(name => RefinementJobs.CheckpointOf(name)!).Distinct();
}
