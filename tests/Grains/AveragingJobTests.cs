using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Averaged SGD as jobs: the same bits for any shards, slots and silos, and through anything that happens on the way.</summary>
public sealed class AveragingJobTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.3);

    public void Dispose() => _images.Dispose();

    private JobSpecification Specification => SpecificationOf(_images, SmallImages.Bins, SmallImages.Orientations) with { Compact = 2 };

    [Fact]
    public async Task Shards_slots_and_silos_change_no_bit_and_the_loss_falls()
    {
        await using var first = await TestSilo.StartAsync(_images.Store, ("ComputeSlots", "2"));
        var expected = await first.SolveAsync(Specification);
        Assert.Equal([1, 2, 3], expected.Refinement.Select(round => round.Round));
        Assert.True(expected.Refinement[2].TrainCrossEntropy < expected.Refinement[0].TrainCrossEntropy, string.Join('\n', expected.Refinement));
        Assert.Equal(expected.Test!.Accuracy, expected.Refinement[2].TestAccuracy);
        Assert.Equal(expected.Test.CrossEntropy, expected.Refinement[2].TestCrossEntropy);

        AssertSame(expected, await first.SolveAsync(Specification with { Data = Specification.Data with { ShardRows = 700 } }));

        await using var second = await TestSilo.JoinAsync(first, _images.Store, ("ComputeSlots", "1"));
        await using var third = await TestSilo.JoinAsync(first, _images.Store, ("ComputeSlots", "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        AssertSame(expected, await second.SolveAsync(Specification));
    }

    [Fact]
    public async Task Dense_rows_are_refined_and_begin_at_the_explicit_solution()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var explicitly = await silo.SolveAsync(SpecificationOf(_images, SmallImages.Pixels) with { Refine = new RefineSpecification() });
        var refined = await silo.SolveAsync(SpecificationOf(_images, SmallImages.Pixels));
        Assert.Equal((explicitly.K, explicitly.Alpha), (refined.K, refined.Alpha));
        Assert.True(refined.Train!.CrossEntropy < explicitly.Train!.CrossEntropy, $"{refined.Train} after {explicitly.Train}");
    }

    [Fact]
    public async Task A_cancelled_job_goes_on_from_its_round_and_ends_with_the_same_bits()
    {
        var many = Rounds(60);
        JobResult expected;
        using (var alone = new SmallImages(wrong: 0.3))
        {
            await using var silo = await TestSilo.StartAsync(alone.Store);
            expected = await silo.SolveAsync(many with { Data = SpecificationOf(alone, SmallImages.Bins).Data });
        }
        await using var again = await TestSilo.StartAsync(_images.Store);
        var job = again.Job("paused");
        await job.StartAsync(many);
        await ReachAsync(job, round: 3);
        await job.CancelAsync();
        var cancelled = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Cancelled, JobStage.Refine), (cancelled.Status, cancelled.Stage));
        await job.ResumeAsync();
        var resumed = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Done, 2), (resumed.Status, resumed.Attempts));
        AssertSame(expected, resumed.Result!);
    }

    [Fact]
    public async Task A_silo_that_stops_between_rounds_costs_time_and_no_bit()
    {
        await using var first = await TestSilo.StartAsync(_images.Store);
        var second = await TestSilo.JoinAsync(first, _images.Store);
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        await first.Job("moved").StartAsync(Rounds(60));
        await ReachAsync(first.Job("moved"), round: 2);
        var ending = first.EndOfMovedAsync("moved");
        await second.DisposeAsync();
        var record = await ending;
        Assert.Equal(JobStatus.Done, record.Status);
        Assert.NotEmpty(record.Retries);
        AssertSame(await first.SolveAsync(Rounds(60)), record.Result!);
    }

    [Fact]
    public async Task A_run_that_diverges_stops_says_so_and_publishes_nothing_worse_than_its_start()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var wild = Specification with
        {
            Refine = Specification.Refine with { Averaging = new AveragingSpecification { Rounds = 5, Optimizer = AveragingOptimizer.Sgd, LearningRate = 1e9, Schedule = AveragingSchedule.Constant } },
        };
        var result = await silo.SolveAsync(wild);
        var model = await ModelFolder.ReadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Contains("diverged", model.Lineage.Refinement!.Ended);
        Assert.Equal(0, model.Lineage.Refinement.Published);
        var start = await silo.SolveAsync(Specification with { Compact = 1, Refine = new RefineSpecification() });
        Assert.InRange(result.Train!.CrossEntropy, 0, 1.2 * start.Train!.CrossEntropy);
    }

    private JobSpecification Rounds(int rounds) => Specification with { Refine = Specification.Refine with { Averaging = Specification.Refine.Averaging with { Rounds = rounds } } };

    private static JobSpecification SpecificationOf(SmallImages images, params FeatureMapSpecification[] features) => images.Specification([.. features]) with
    {
        Refine = new RefineSpecification { Method = RefineMethod.Averaging, Workers = 3, Averaging = new AveragingSpecification { Rounds = 3, Batch = 16, LearningRate = 0.005 } },
    };

    private static async Task ReachAsync(ITrainingJobGrain job, int round)
    {
        using var deadline = new CancellationTokenSource(TestSilo.Deadline);
        await foreach (var step in job.WatchAsync(deadline.Token))
        {
            if (step.Stage == JobStage.Refine && step.ShardsDone >= round)
                return;
        }
        Assert.Fail($"the job ended before round {round}");
    }

    private static void AssertSame(JobResult expected, JobResult actual)
    {
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.Equal(expected.StatisticsSha256, actual.StatisticsSha256);
        Assert.Equal(expected.Test!.CrossEntropy, actual.Test!.CrossEntropy);
        Assert.Equal(
            expected.Refinement.Select(round => (round.TrainCrossEntropy, round.TestCrossEntropy)),
            actual.Refinement.Select(round => (round.TrainCrossEntropy, round.TestCrossEntropy)));
    }
}
