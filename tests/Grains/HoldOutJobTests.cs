using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Averaged SGD that holds a fold of the training rows out: nothing is learned from it, and it says which round is published.</summary>
public sealed class HoldOutJobTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.3);

    public void Dispose() => _images.Dispose();

    private JobSpecification Specification => SpecificationOf(rounds: 4);

    [Fact]
    public async Task Shards_and_silos_change_no_bit_and_statistics_are_those_of_the_other_rows()
    {
        await using var first = await TestSilo.StartAsync(_images.Store, ("ComputeSlots", "2"));
        var expected = await first.SolveAsync(Specification);
        Assert.Equal(4, expected.Refinement.Count(round => round.HeldOutCrossEntropy > 0));
        AssertSame(expected, await first.SolveAsync(Specification with { Data = Specification.Data with { ShardRows = 300 } }));
        var all = await first.SolveAsync(Specification with { Refine = Specification.Refine with { Averaging = Specification.Refine.Averaging with { HoldOut = false } } });
        Assert.Equal(0, all.ReusedShards);
        Assert.NotEqual(expected.StatisticsSha256, all.StatisticsSha256);
        Assert.All(all.Refinement, round => Assert.Null(round.HeldOutCrossEntropy));

        var heldOut = await HeldOutAsync(first);
        var model = await ModelFolder.ReadAsync(first.Store, expected.ModelPath, CancellationToken.None);
        Assert.InRange(heldOut.Length, 45, 95);
        Assert.Equal(heldOut.Length, model.Lineage.Refinement!.HeldOutRows);
        var rest = await first.SolveAsync(Specification with
        {
            Data = Specification.Data with { Train = [_images.Without("rest", heldOut)] },
            Refine = new RefineSpecification(),
        });
        Assert.Equal(rest.StatisticsSha256, expected.StatisticsSha256);
        Assert.Equal((rest.K, rest.Alpha, rest.Rows), (expected.K, expected.Alpha, expected.Train!.Rows));

        await using var second = await TestSilo.JoinAsync(first, _images.Store, ("ComputeSlots", "1"));
        await using var third = await TestSilo.JoinAsync(first, _images.Store, ("ComputeSlots", "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var again = await second.SolveAsync(Specification);
        AssertSame(expected, again);
        Assert.Equal(again.Shards, again.ReusedShards);
    }

    [Fact]
    public async Task The_best_round_on_the_held_out_rows_is_published_and_the_run_ends_when_none_has_been_better_for_a_while()
    {
        var overfitting = SpecificationOf(rounds: 100) with { Compact = 1 };
        overfitting = overfitting with { Refine = overfitting.Refine with { Averaging = overfitting.Refine.Averaging with { LearningRate = 0.02, Stop = 4 } } };
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var job = silo.Job("paused");
        var (reached, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        silo.Store.BeforeWrite = name =>
        {
            if (!name.Contains("/rounds/0004-", StringComparison.Ordinal))
                return Task.CompletedTask;
            reached.TrySetResult();
            return held.Task;
        };
        await job.StartAsync(overfitting);
        await reached.Task.WaitAsync(TestSilo.Deadline);
        await job.CancelAsync();
        held.SetResult();
        Assert.Equal(JobStage.Refine, (await TestSilo.EndOf(job)).Stage);
        await job.ResumeAsync();
        var resumed = (await TestSilo.EndOf(job)).Result!;
        var model = await ModelFolder.ReadAsync(silo.Store, resumed.ModelPath, CancellationToken.None);
        var refinement = model.Lineage.Refinement!;
        var best = refinement.Rounds.MinBy(round => round.HeldOutCrossEntropy)!;
        Assert.Equal(best.Round, refinement.Published);
        Assert.Equal(best.Round + 4, refinement.Rounds.Length);
        Assert.Contains("4 in a row", refinement.Ended);
        Assert.DoesNotContain(await NamesAsync(silo), name => name.Contains("/rounds/", StringComparison.Ordinal));

        AssertSame(resumed, await silo.SolveAsync(overfitting));
    }

    [Fact]
    public async Task Removed_rows_are_as_if_they_had_never_been_and_a_label_with_held_out_rows_alone_is_refused()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var held = await HeldOutAsync(silo);
        RemovedRows[] firstHundred = [.. Enumerable.Range(0, 100).Select(row => new RemovedRows(row, row))];
        RemovedRows[] removed = [.. firstHundred.Except(held), new(250, 251), new(690, 690)]; // the first shard has held-out rows alone
        AssertSame(await silo.SolveAsync(Of(_images.Without("without", removed))), await silo.SolveAsync(Of(_images.TrainSource with { Removed = [.. removed] })));

        RemovedRows[] onlyHeldOut = [.. _images.RowsOf(2).Except(held)];
        foreach (var source in (SourceSpecification[])[_images.TrainSource with { Removed = [.. onlyHeldOut] }, _images.Without("held", onlyHeldOut)])
        {
            var record = await silo.RunAsync(Of(source));
            Assert.Contains("label '2' has zero norm or is held out", record.Failure?.Cause);
        }

        JobSpecification Of(SourceSpecification train) => Specification with { Data = Specification.Data with { Train = [train] } };
    }

    private JobSpecification SpecificationOf(int rounds) => _images.Specification(SmallImages.Bins) with
    {
        Compact = 2,
        Refine = new RefineSpecification
        {
            Method = RefineMethod.Averaging,
            Workers = 3,
            Averaging = new AveragingSpecification { Rounds = rounds, Batch = 16, LearningRate = 0.005, HoldOut = true },
        },
    };

    private async Task<RemovedRows[]> HeldOutAsync(TestSilo silo)
    {
        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var heldOut = RowFold.AreHeldOut(source, await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None));
        return [.. Enumerable.Range(0, SmallImages.Train).Where(row => heldOut[row]).Select(row => new RemovedRows(row, row))];
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
        Assert.Equal(
            expected.Refinement.Select(round => (round.TrainCrossEntropy, round.HeldOutCrossEntropy, round.TestCrossEntropy)),
            actual.Refinement.Select(round => (round.TrainCrossEntropy, round.HeldOutCrossEntropy, round.TestCrossEntropy)));
    }
}
