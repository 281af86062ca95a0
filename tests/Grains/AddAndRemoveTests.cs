using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Data that is removed leaves no trace, and what stays is not counted again.</summary>
public sealed class AddAndRemoveTests : IDisposable
{
    private readonly SmallImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Removing_one_of_ten_sources_is_training_on_the_nine_and_reads_no_row()
    {
        using var sources = new TenSources();
        var nine = sources.All.RemoveAt(4);
        foreach (var feature in new[] { SmallImages.Pixels, SmallImages.Patches })
        {
            JobResult expected;
            await using (var other = await TestSilo.StartAsync(sources.StoreOf($"nine-{feature.Map}")))
                expected = await other.SolveAsync(TenSources.Specification(nine, feature));
            await using var silo = await TestSilo.StartAsync(sources.StoreOf($"ten-{feature.Map}"));
            var ten = await silo.SolveAsync(TenSources.Specification(sources.All, feature));
            Assert.NotEqual(expected.StatisticsSha256, ten.StatisticsSha256);
            Assert.Equal((30, 0), (ten.Shards, ten.ReusedShards));
            var read = silo.Store.BytesRead("datasets");
            if (feature == SmallImages.Patches)
                sources.Spoil(); // the files are not read either: they would be refused

            var removed = await silo.SolveAsync(TenSources.Specification(nine, feature));
            Assert.Equal(expected.StatisticsSha256, removed.StatisticsSha256);
            Assert.Equal(expected.WeightsSha256, removed.WeightsSha256);
            Assert.Equal(expected.Model, removed.Model);
            Assert.Equal((27, 27, 540), (removed.Shards, removed.ReusedShards, removed.Rows));
            Assert.Equal(27, (await ModelFolder.ReadAsync(silo.Store, removed.ModelPath, CancellationToken.None)).Lineage.Shards.Select(shard => shard.Hash).Distinct().Count());

            var again = await silo.SolveAsync(TenSources.Specification([.. nine, sources.All[4]], feature)); // at another place in the list
            Assert.Equal(ten.StatisticsSha256, again.StatisticsSha256);
            Assert.Equal(ten.Model, again.Model);
            Assert.Equal(read, silo.Store.BytesRead("datasets"));
        }
    }

    [Fact]
    public async Task Removed_rows_leave_the_bits_of_a_source_that_never_had_them()
    {
        RemovedRows[] removed = [new(3, 3), new(100, 199), new(250, 251), new(253, 260), new(699, 699)];
        var without = _images.Without("without", removed);
        await using var silo = await TestSilo.StartAsync(_images.Store);
        foreach (var feature in new[] { SmallImages.Pixels, SmallImages.Patches })
        {
            var specification = _images.Specification(feature);
            var whole = await silo.SolveAsync(specification);
            var partly = await silo.SolveAsync(With(specification, _images.TrainSource with { Removed = [.. removed] }));
            // Shards of 100 rows: 0, 2 and 6 are counted again, 1 is gone.
            Assert.Equal((6, 3), (partly.Shards, partly.ReusedShards));
            var expected = await silo.SolveAsync(With(specification, without));
            AssertSame(expected, partly);
            Assert.NotEqual(whole.StatisticsSha256, partly.StatisticsSha256);
            var lineage = (await ModelFolder.ReadAsync(silo.Store, partly.ModelPath, CancellationToken.None)).Lineage;
            Assert.Equal((700 - removed.Sum(rows => rows.Last - rows.First + 1), 588), (lineage.Rows, lineage.Shards.Sum(shard => shard.Rows)));

            var back = await silo.SolveAsync(specification);
            Assert.Equal((whole.Model, 7), (back.Model, back.ReusedShards));
        }
    }

    [Fact]
    public async Task A_label_whose_rows_are_all_removed_is_no_class_any_more()
    {
        var removed = _images.RowsOf(label: 1);
        var without = _images.Without("without", removed);
        await using var silo = await TestSilo.StartAsync(_images.Store);
        foreach (var feature in new[] { SmallImages.Pixels, SmallImages.Bins })
        {
            var specification = With(_images.Specification(feature), _images.TrainSource with { Removed = [.. removed] });
            var test = (await silo.SolveAsync(specification)).Test!;
            Assert.Equal(SmallImages.Test, test.Rows + test.UnknownRows);
            Assert.InRange(test.UnknownRows, 1, SmallImages.Test - 1);
            specification = specification with { Evaluate = EvaluateRows.All, Data = specification.Data with { Test = [] } };
            var partly = await silo.SolveAsync(specification);
            Assert.Equal(["0", "2"], partly.Labels);
            AssertSame(await silo.SolveAsync(With(specification, without)), partly);
        }
    }

    [Fact]
    public async Task A_label_that_is_left_with_rows_of_zeros_alone_stays_a_class()
    {
        using var folder = new TemporaryFolder();
        // Label 8 has a row of zeros beside the removed one, label 9 has none.
        var source = Table("all.csv", "1,2,a\n2,1,a\n4,1,8\n0,0,8\n4,4,9\n1,1,b\n") with { Removed = [new(2, 2), new(4, 4)] };
        var never = Table("left.csv", "1,2,a\n2,1,a\n0,0,8\n1,1,b\n");
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Pixels) with { Solve = new SolveSpecification { K = [2], Alpha = [.1], Beta = 1 } };
        specification = specification with { Data = new DataSpecification { Train = [source], ShardRows = 2 } };
        var partly = await silo.SolveAsync(specification);
        Assert.Equal(["8", "a", "b"], partly.Labels);
        AssertSame(await silo.SolveAsync(With(specification, never)), partly);

        SourceSpecification Table(string name, string rows) => new() { Format = SourceFormat.Csv, Path = folder.Write(name, rows), LabelColumn = "2", Header = false };
    }

    [Fact]
    public async Task A_model_evaluates_and_predicts_the_rows_that_are_left_under_their_own_numbers()
    {
        RemovedRows[] removed = [new(0, 9), new(20, 29)];
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(_images.Specification(SmallImages.Pixels));
        var model = silo.Grains.GetGrain<IModelGrain>(result.Model);
        var left = await model.EvaluateAsync([_images.TrainSource with { Removed = [.. removed] }]);
        Assert.Equal((await model.EvaluateAsync([_images.Without("without", removed)])).CrossEntropy, left.CrossEntropy);
        var rows = new List<long>();
        await foreach (var batch in model.PredictAsync([_images.TrainSource with { Removed = [.. removed] }]))
            rows.AddRange(Enumerable.Range(0, batch.Probabilities.Length / 3).Select(m => batch.FirstRow + m));
        Assert.Equal(Enumerable.Range(0, SmallImages.Train).Where(row => row is not (< 10 or (>= 20 and < 30))).Select(row => (long)row), rows);
    }

    private static JobSpecification With(JobSpecification specification, SourceSpecification train) =>
        specification with { Data = specification.Data with { Train = [train] } };

    private static void AssertSame(JobResult expected, JobResult seen)
    {
        Assert.Equal(expected.StatisticsSha256, seen.StatisticsSha256);
        Assert.Equal(expected.WeightsSha256, seen.WeightsSha256);
        Assert.Equal(expected.Model, seen.Model);
        Assert.Equal((expected.Rows, expected.ZeroRows, expected.K, expected.Alpha), (seen.Rows, seen.ZeroRows, seen.K, seen.Alpha));
        Assert.Equal(expected.Choice, seen.Choice);
        Assert.Equal((expected.Train!.CrossEntropy, expected.Train.CalibrationError), (seen.Train!.CrossEntropy, seen.Train.CalibrationError));
        Assert.Equal(expected.Train.Confusion, seen.Train.Confusion);
        Assert.Equal(expected.Test?.CrossEntropy, seen.Test?.CrossEntropy);
    }
}
