using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Scaling sweeps as jobs: the same bits for any workers, shards, slots and silos, and through anything that happens on the way.</summary>
public sealed class SweepJobTests : IDisposable
{
    private static readonly (string, string) EveryChunk = ("CheckpointPeriod", "00:00:00");

    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    private JobSpecification Specification => SpecificationOf(_images);

    [Fact]
    public async Task Workers_shards_slots_and_silos_change_no_bit()
    {
        await using var first = await TestSilo.StartAsync(_images.Store, ("ComputeSlots", "2"));
        var expected = await first.SolveAsync(Specification);
        Assert.Equal([1, 2], expected.Refinement.Select(round => round.Round));
        Assert.True(expected.Refinement[0].TrainCrossEntropy < 0.8 * Math.Log(3), $"{expected.Refinement[0]}");
        Assert.Equal(expected.Test!.Accuracy, expected.Refinement[1].TestAccuracy);

        var alone = Specification with { Refine = Specification.Refine with { Workers = 1 }, Data = Specification.Data with { ShardRows = 700 } };
        AssertSame(expected, await first.SolveAsync(alone));

        await using var second = await TestSilo.JoinAsync(first, _images.Store, ("ComputeSlots", "1"));
        await using var third = await TestSilo.JoinAsync(first, _images.Store, ("ComputeSlots", "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        AssertSame(expected, await second.SolveAsync(Specification with { Refine = Specification.Refine with { Workers = 7 } }));
    }

    [Fact]
    public async Task Removed_rows_leave_the_bits_of_a_source_that_never_had_them()
    {
        RemovedRows[] removed = [new(0, 4), new(100, 199), new(250, 251), new(690, 690)];
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var expected = await silo.SolveAsync(With(_images.Without("without", removed)));
        AssertSame(expected, await silo.SolveAsync(With(_images.TrainSource with { Removed = [.. removed] })));

        JobSpecification With(SourceSpecification train) => Specification with { Data = Specification.Data with { Train = [train] } };
    }

    [Fact]
    public async Task A_cancelled_job_goes_on_from_its_checkpoint_and_ends_with_the_same_bits()
    {
        var expected = await ExpectedAsync();
        await using var silo = await TestSilo.StartAsync(_images.Store, EveryChunk);
        var job = silo.Job("paused");
        await job.StartAsync(Specification);
        await ReachAsync(job, chunk: 5);
        await job.CancelAsync();
        var cancelled = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Cancelled, JobStage.Refine), (cancelled.Status, cancelled.Stage));
        Assert.NotNull(cancelled.Checkpoint);
        await job.ResumeAsync();
        var resumed = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Done, 2), (resumed.Status, resumed.Attempts));
        AssertSame(expected, resumed.Result!);
        Assert.DoesNotContain(await NamesAsync(silo), name => name.Contains("/rounds/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_that_stops_in_a_sweep_costs_time_and_no_bit()
    {
        var expected = await ExpectedAsync();
        await using var first = await TestSilo.StartAsync(_images.Store, EveryChunk);
        var second = await TestSilo.JoinAsync(first, _images.Store, EveryChunk);
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        await first.Job("moved").StartAsync(Specification with { Refine = Specification.Refine with { Sweeps = Specification.Refine.Sweeps with { Sweeps = 6 } } });
        await ReachAsync(first.Job("moved"), chunk: 3);
        var ending = first.EndOfMovedAsync("moved");
        await second.DisposeAsync();
        var record = await ending;
        Assert.Equal(JobStatus.Done, record.Status);
        Assert.NotEmpty(record.Retries);
        var six = await first.SolveAsync(Specification with { Refine = Specification.Refine with { Sweeps = Specification.Refine.Sweeps with { Sweeps = 6 } } });
        Assert.NotEqual(expected.WeightsSha256, six.WeightsSha256);
        AssertSame(six, record.Result!);
    }

    [Fact]
    public async Task An_explicit_start_is_ahead_after_the_first_sweep_and_a_run_ends_when_steps_stop_helping()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var one = Specification with { Refine = Specification.Refine with { Sweeps = new SweepSpecification { Average = 1, BlocksPerChunk = 4 } } };
        var prior = await silo.SolveAsync(one);
        var start = await silo.SolveAsync(one with { Refine = one.Refine with { Sweeps = one.Refine.Sweeps with { Start = SweepStart.Explicit } } });
        Assert.NotEqual(prior.WeightsSha256, start.WeightsSha256);
        Assert.NotEmpty(start.Choice);
        Assert.InRange(start.Refinement[0].TrainCrossEntropy, 0, 1.1 * prior.Refinement[0].TrainCrossEntropy);
        var many = await silo.SolveAsync(one with { Refine = one.Refine with { Sweeps = one.Refine.Sweeps with { Sweeps = 100 } } });
        Assert.InRange(many.Refinement.Length, 1, 99);
        Assert.True(many.Refinement[^1].Step <= 0, $"{many.Refinement[^1]}");
    }

    [Fact]
    public async Task A_refined_model_says_so_and_predicts_what_the_job_reported()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(Specification);
        var model = await ModelFolder.ReadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Equal(RefineMethod.Sweeps, model.Lineage.Refinement!.Method);
        Assert.Equal(2, model.Lineage.Refinement.Rounds.Length);
        var report = await silo.Grains.GetGrain<Abstractions.Models.IModelGrain>(result.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal(result.Test!.CrossEntropy, report.CrossEntropy);
    }

    private async Task<JobResult> ExpectedAsync()
    {
        using var alone = new SmallImages(wrong: 0.2);
        await using var silo = await TestSilo.StartAsync(alone.Store);
        return await silo.SolveAsync(SpecificationOf(alone));
    }

    private static JobSpecification SpecificationOf(SmallImages images) => images.Specification(SmallImages.Bins, SmallImages.Orientations) with
    {
        Compact = 2,
        Refine = new RefineSpecification
        {
            Method = RefineMethod.Sweeps,
            Workers = 3,
            Sweeps = new SweepSpecification { Sweeps = 2, BlocksPerChunk = 10, Average = 2, Stop = false },
        },
    };

    private static async Task ReachAsync(ITrainingJobGrain job, int chunk)
    {
        using var deadline = new CancellationTokenSource(TestSilo.Deadline);
        await foreach (var step in job.WatchAsync(deadline.Token))
        {
            if (step.Stage == JobStage.Refine && step.ShardsDone >= chunk)
                return;
        }
        Assert.Fail($"the job ended before chunk {chunk}");
    }

    private static async Task<List<string>> NamesAsync(TestSilo silo)
    {
        var names = new List<string>();
        await foreach (var name in silo.Store.ListAsync("jobs/", CancellationToken.None))
            names.Add(name);
        return names;
    }

    private static void AssertSame(JobResult expected, JobResult actual)
    {
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.Equal(expected.StatisticsSha256, actual.StatisticsSha256);
        Assert.Equal(expected.Test!.CrossEntropy, actual.Test!.CrossEntropy);
        Assert.Equal(expected.Refinement.Select(round => (round.TrainCrossEntropy, round.Step)), actual.Refinement.Select(round => (round.TrainCrossEntropy, round.Step)));
    }
}
