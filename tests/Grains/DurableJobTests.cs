using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Grains.Tests;

/// <summary>What a job does when its parts fail, lag, or are taken on twice. Whole processes die in the cluster tests.</summary>
public sealed class DurableJobTests : IDisposable
{
    private readonly SmallImages _images = new();

    private JobSpecification Specification => _images.Specification(SmallImages.Patches);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task A_shard_that_fails_once_is_tried_again_and_the_record_says_why()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var failures = 0;
        silo.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 2
            ? throw new InvalidOperationException("a passing fault")
            : Task.CompletedTask;
        var record = await silo.RunAsync(Specification);
        Assert.Equal(JobStatus.Done, record.Status);
        Assert.Equal(2, record.Retries.Length);
        Assert.All(record.Retries, retry => Assert.Equal((JobStage.Accumulate, "InvalidOperationException: a passing fault"), (retry.Stage, retry.Reason)));
        Assert.StartsWith("shard ", record.Retries[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shard_that_always_fails_ends_the_job_by_name_and_the_job_can_be_resumed()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        silo.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) ? throw new InvalidOperationException("no luck") : Task.CompletedTask;
        var record = await silo.RunAsync(Specification, "unlucky");
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.StartsWith("shard ", record.Failure!.Piece, StringComparison.Ordinal);
        Assert.Contains("failed 4 times; the last time: InvalidOperationException: no luck", record.Failure.Cause);
        Assert.Contains("jobs resume", record.Failure.Remedy);
        silo.Store.BeforeWrite = null;
        var job = silo.Job("unlucky");
        Assert.Equal(JobStatus.Running, (await job.ResumeAsync())!.Status);
        var resumed = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Done, 2), (resumed.Status, resumed.Attempts));
        Assert.Null(resumed.Failure);
    }

    [Fact]
    public async Task A_row_that_cannot_be_used_fails_the_job_at_once_with_its_shard()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        using var folder = new Testing.TemporaryFolder();
        var table = new SourceSpecification
        {
            Format = SourceFormat.Csv,
            Path = folder.Write("a.csv", "x,kind\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i == 1 ? 1 : 0)}.5,{"ab"[i % 2]}\n"))),
            LabelColumn = "kind",
        };
        var record = await silo.RunAsync(Specification with
        {
            Data = new DataSpecification { Train = [table], ShardRows = 10 },
            Features = [new FeatureMapSpecification { Map = FeatureMapKind.Complement }],
        });
        Assert.Equal("shard 0 of the training rows", record.Failure!.Piece);
        Assert.Contains("a.csv line 3", record.Failure.Cause);
        Assert.Empty(record.Retries);
    }

    [Fact]
    public async Task A_job_whose_silo_died_goes_on_where_it_was_when_somebody_asks_for_it()
    {
        JobResult expected;
        await using (var first = await TestSilo.StartAsync(_images.Store))
            expected = await first.SolveAsync(Specification);
        // What a killed process leaves behind: a record that says running, and all that was finished.
        var died = new JobRecord { Id = "died", Specification = Specification, Status = JobStatus.Running, Stage = JobStage.Reduce, Started = DateTimeOffset.UtcNow };
        await JobFolder.WriteAsync(new FolderArtifactStore(_images.Store), died, null, CancellationToken.None);
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var job = silo.Job("died");
        Assert.Equal(JobStage.Plan, (await job.PollAsync())!.Stage);
        var record = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Done, 2), (record.Status, record.Attempts));
        Assert.Equal(expected.WeightsSha256, record.Result!.WeightsSha256);
        Assert.Equal(7, record.Result.ReusedShards);
        Assert.Equal("coordinator", Assert.Single(record.Retries).What);
    }

    [Fact]
    public async Task A_stage_that_no_coordinator_survives_ends_the_job()
    {
        var retry = new JobRetry(DateTimeOffset.UtcNow, JobStage.Accumulate, "coordinator", "died");
        var cursed = new JobRecord
        {
            Id = "cursed",
            Specification = Specification,
            Status = JobStatus.Running,
            Stage = JobStage.Accumulate,
            Started = DateTimeOffset.UtcNow,
            Retries = [.. Enumerable.Repeat(retry, 20)],
        };
        await JobFolder.WriteAsync(new FolderArtifactStore(_images.Store), cursed, null, CancellationToken.None);
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var record = await silo.Job("cursed").GetAsync();
        Assert.Equal(JobStatus.Failed, record!.Status);
        Assert.Contains("20 silos", record.Failure!.Cause);
    }

    [Fact]
    public async Task Coordinators_are_counted_anew_once_a_checkpoint_is_further_on()
    {
        var checkpoint = new RefinementCheckpoint
        {
            Name = "jobs/slow/rounds/0002-1",
            Statistics = "of other rows",
            Sweep = 2,
            Chunk = 0,
            StepSums = [],
            Active = [],
            WorkerFiles = [],
            RunFiles = [],
        };
        await WriteAsync("slow", checkpoint with { Sweep = 1 });
        await WriteAsync("stuck", checkpoint);
        await using var silo = await TestSilo.StartAsync(_images.Store);
        Assert.Equal(JobStatus.Failed, (await silo.Job("stuck").GetAsync())!.Status);
        Assert.Equal(JobStatus.Running, (await silo.Job("slow").GetAsync())!.Status);
        Assert.Equal(JobStatus.Done, (await TestSilo.EndOf(silo.Job("slow"))).Status);

        Task WriteAsync(string id, RefinementCheckpoint died)
        {
            var retry = new JobRetry(DateTimeOffset.UtcNow, JobStage.Refine, "coordinator", "died") { Progress = died.Place };
            var record = new JobRecord
            {
                Id = id,
                Specification = Specification,
                Status = JobStatus.Running,
                Stage = JobStage.Refine,
                Started = DateTimeOffset.UtcNow,
                Retries = [.. Enumerable.Repeat(retry, 20)],
                Checkpoint = checkpoint,
            };
            return JobFolder.WriteAsync(new FolderArtifactStore(_images.Store), record, null, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Of_two_coordinators_the_one_that_was_overtaken_lets_go_and_harms_nothing()
    {
        // Two clusters that know nothing of each other, over one store: each has an activation of the job.
        await using var first = await TestSilo.StartAsync(_images.Store);
        await using var second = await TestSilo.StartAsync(_images.Store);
        var held = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        first.Store.BeforeWrite = name =>
        {
            if (!name.StartsWith("statistics/", StringComparison.Ordinal))
                return Task.CompletedTask;
            reached.TrySetResult();
            return held.Task;
        };
        await first.Job("twice").StartAsync(Specification);
        await reached.Task.WaitAsync(TestSilo.Deadline);
        await second.Job("twice").PollAsync();
        var record = await TestSilo.EndOf(second.Job("twice"));
        Assert.Equal((JobStatus.Done, 2), (record.Status, record.Attempts));
        var ended = first.Job("twice").WatchAsync();
        held.SetResult();
        await foreach (var _ in ended)
        {
            // to its end, which comes without the job's
        }
        var seen = await first.Job("twice").GetAsync();
        Assert.Equal(record.Result!.WeightsSha256, seen!.Result!.WeightsSha256);
        var stored = await JobFolder.ReadAsync(first.Store, "twice", CancellationToken.None);
        Assert.Equal((JobStatus.Done, 2), (stored!.Value.Value.Status, stored.Value.Value.Attempts));
        var report = await first.Grains.GetGrain<Abstractions.Models.IModelGrain>(record.Result.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal(record.Result.Test!.Confusion, report.Confusion);
    }

    [Fact]
    public async Task A_silo_that_stops_gives_its_job_and_its_shards_to_the_others()
    {
        using var alone = new SmallImages();
        await using var single = await TestSilo.StartAsync(alone.Store);
        var expected = await single.SolveAsync(alone.Specification(SmallImages.Patches));
        await using var first = await TestSilo.StartAsync(_images.Store);
        var second = await TestSilo.JoinAsync(first, _images.Store, ("DrainPeriod", "00:00:01"));
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        var stuck = new TaskCompletionSource();
        second.Store.BeforeWrite = name =>
        {
            if (!name.StartsWith("statistics/", StringComparison.Ordinal))
                return Task.CompletedTask;
            stuck.TrySetResult();
            return Task.Delay(TimeSpan.FromMilliseconds(200));
        };
        var job = second.Job("moving");
        await job.StartAsync(Specification with { Data = Specification.Data with { ShardRows = 10 } });
        await stuck.Task.WaitAsync(TestSilo.Deadline);
        await second.DisposeAsync();
        var record = await first.EndOfMovedAsync("moving");
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        Assert.Equal(expected.WeightsSha256, record.Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_shard_that_lags_is_started_on_another_silo_and_the_first_result_counts()
    {
        await using var first = await TestSilo.StartAsync(_images.Store);
        await using var second = await TestSilo.JoinAsync(first, _images.Store);
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        var never = new TaskCompletionSource();
        var held = 0;
        second.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Exchange(ref held, 1) == 0
            ? never.Task
            : Task.CompletedTask;
        // Two shards a silo: of more, an idle silo would take those that wait, and the one that is held may look like them.
        var record = await first.RunAsync(Specification with { Data = Specification.Data with { ShardRows = SmallImages.Train / 4 } });
        never.SetCanceled(TestContext.Current.CancellationToken);
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        Assert.Equal(1, held);
        Assert.Contains(record.Retries, retry => retry.Reason.Contains("lagged", StringComparison.Ordinal));
    }
}
