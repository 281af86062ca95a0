using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

public sealed class TrainingJobTests : IDisposable
{
    private readonly SmallImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task A_job_goes_from_files_to_a_model_that_predicts()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(_images.Specification(SmallImages.Patches));
        Assert.Equal(SmallImages.Train, result.Rows);
        Assert.Equal(7, result.Shards);
        Assert.Equal(["0", "1", "2"], result.Labels);
        Assert.Equal(12, result.Choice.Length);
        Assert.True(result.Test!.Accuracy > .9, $"accuracy {result.Test.Accuracy}");
        Assert.Equal(SmallImages.Test, result.Test.Rows);
        Assert.Equal(SmallImages.Test, result.Test.Confusion.Sum());
    }

    [Theory, InlineData(1), InlineData(64), InlineData(333), InlineData(700)]
    public async Task Shard_size_and_slots_do_not_change_a_bit(int shardRows)
    {
        await using var silo = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.ComputeSlots), shardRows % 2 == 0 ? "2" : "1"));
        foreach (var feature in new[] { SmallImages.Pixels, SmallImages.Patches })
        {
            var specification = _images.Specification(feature);
            var whole = await silo.SolveAsync(specification);
            var cut = await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = shardRows } });
            Assert.Equal(whole.StatisticsSha256, cut.StatisticsSha256);
            Assert.Equal(whole.WeightsSha256, cut.WeightsSha256);
            Assert.Equal(whole.Choice, cut.Choice);
            Assert.Equal(whole.Train!.CrossEntropy, cut.Train!.CrossEntropy);
            Assert.Equal(whole.Test!.CalibrationError, cut.Test!.CalibrationError);
        }
    }

    [Fact]
    public async Task The_cluster_solves_to_the_bits_of_the_bare_library()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Patches, SmallImages.Bins);
        var result = await silo.SolveAsync(specification);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);

        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var rows = await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None);
        var encoder = FeatureMaps.EncoderOf(specification.Features, source.Shape);
        var statistics = BlockStatistics.Accumulate(encoder.EncodeBlocks(rows.Rows), rows.Labels, 3);
        var solution = new ExplicitSolution(
            encoder.Layout, new ClassTotals(statistics.ClassRows, statistics.ClassMass), new SolveSettings(result.K, result.Alpha, 0));
        Assert.Equal(solution.Bias(), model.Bias);
        var weights = solution.Solve(statistics.Counts);
        for (var i = 0; i < statistics.Counts.Seen.Length; i++)
            Assert.Equal(weights.AsSpan(i * 3, 3), model.WeightsOf(statistics.Counts.Seen[i]));
        var tiles = TilePlan.TilesOf(encoder.Layout, 3);
        Assert.Equal(2, tiles.Length); // a map each
        Assert.Equal(result.StatisticsSha256, StatisticsHash.Of(["0", "1", "2"], tiles.SelectMany(tile => StatisticsHash.BlocksOf(Only(statistics.Counts, tile.FirstInput, tile.Inputs), tile))));
    }

    [Fact]
    public async Task Rare_codes_are_merged_in_the_explicit_solution_too()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Patches, SmallImages.Bins) with { Compact = 20, Solve = new SolveSpecification { K = [3], Alpha = [.1] } };
        var result = await silo.SolveAsync(specification);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);

        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var rows = await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None);
        var encoder = FeatureMaps.EncoderOf(specification.Features, source.Shape);
        var raw = encoder.EncodeBlocks(rows.Rows);
        var compaction = new CodeCompaction(encoder.Layout, BlockStatistics.Accumulate(raw, rows.Labels, 3).Counts, 20);
        Assert.InRange(compaction.Cells, 1, encoder.Layout.Inputs - 1);
        var compacted = compaction.Encode(raw);
        var statistics = BlockStatistics.Accumulate(compacted, rows.Labels, 3);
        var solution = new ExplicitSolution(compaction.Layout, new ClassTotals(statistics.ClassRows, statistics.ClassMass), new SolveSettings(3, .1, 0));
        var weights = solution.Solve(statistics.Counts);
        for (var block = 0; block < compaction.Blocks; block++)
        {
            for (var m = 0; m < raw.Count; m++)
            {
                var row = Array.BinarySearch(statistics.Counts.Seen, compaction.Layout.BlockStart(block) + compacted.Block(block)[m]);
                var input = encoder.Layout.BlockStart(compaction.RawBlockOf(block)) + raw.Block(compaction.RawBlockOf(block))[m];
                Assert.Equal(weights.AsSpan(row * 3, 3), model.WeightsOf(input));
            }
        }
    }

    [Fact]
    public async Task A_second_job_on_the_same_data_counts_nothing_again()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Patches) with { Evaluate = EvaluateRows.None, Solve = new SolveSpecification { K = [4], Alpha = [.01] } };
        var first = await silo.SolveAsync(specification);
        var read = silo.Store.BytesRead("datasets");
        var second = await silo.SolveAsync(specification with { Name = "other", Solve = new SolveSpecification { K = [3], Alpha = [.1] } });
        Assert.Equal(0, first.ReusedShards);
        Assert.Equal(7, second.ReusedShards);
        Assert.Equal(read, silo.Store.BytesRead("datasets"));
        Assert.Equal(first.StatisticsSha256, second.StatisticsSha256);
        Assert.NotEqual(first.WeightsSha256, second.WeightsSha256);
    }

    [Fact]
    public async Task Statistics_take_one_pass_over_the_rows()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Pixels) with { Evaluate = EvaluateRows.None, Solve = new SolveSpecification { K = [4], Alpha = [.01] } };
        await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = SmallImages.Train } });
        var rows = SmallImages.Train * (SmallImages.Side * SmallImages.Side + sizeof(int));
        Assert.InRange(silo.Store.BytesRead("datasets"), SmallImages.Train * SmallImages.Side * SmallImages.Side, 1.1 * rows + 8192);
    }

    [Fact]
    public async Task A_published_model_evaluates_and_predicts_as_its_job_did()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(_images.Specification(SmallImages.Pixels));
        var model = silo.Grains.GetGrain<IModelGrain>(result.Model);
        var report = await model.EvaluateAsync([_images.TestSource]);
        Assert.Equal(result.Test!.CrossEntropy, report.CrossEntropy);
        Assert.Equal(result.Test.Confusion, report.Confusion);

        var probabilities = new List<double>();
        await foreach (var batch in model.PredictAsync([_images.TestSource with { Labels = null }]))
            probabilities.AddRange(batch.Probabilities);
        Assert.Equal(3 * SmallImages.Test, probabilities.Count);
        var labels = File.ReadAllBytes(_images["test-labels"])[8..];
        var loss = labels.Select((label, m) => -Math.Log(probabilities[3 * m + label])).Average();
        Assert.Equal(report.CrossEntropy, loss, 1e-9);
    }

    [Fact]
    public async Task Starting_twice_returns_the_running_job()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var job = silo.Job("twice");
        var first = await job.StartAsync(_images.Specification(SmallImages.Pixels));
        var second = await job.StartAsync(_images.Specification(SmallImages.Patches));
        Assert.Equal(first.Started, second.Started);
        Assert.Equal(FeatureMapKind.Pixels, second.Specification.Features[0].Map);
        Assert.Equal(JobStatus.Done, (await TestSilo.EndOf(job)).Status);
    }

    [Fact]
    public async Task A_cancelled_job_stops_within_a_second_and_leaves_only_complete_artifacts()
    {
        var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Patches) with { Data = new DataSpecification { Train = [_images.TrainSource], ShardRows = 1 } };
        var job = silo.Job("cancelled");
        var started = new TaskCompletionSource();
        var writes = 0;
        silo.Store.BeforeWrite = name =>
        {
            // With as many slots as processors, some of so many writes have been completed.
            if (name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref writes) == Environment.ProcessorCount + 5)
                started.TrySetResult();
            return Task.CompletedTask;
        };
        await job.StartAsync(specification);
        await started.Task.WaitAsync(TestSilo.Deadline);
        var cancelled = DateTimeOffset.UtcNow;
        await job.CancelAsync();
        var record = await TestSilo.EndOf(job);
        Assert.Equal(JobStatus.Cancelled, record.Status);
        Assert.InRange((record.Ended!.Value - cancelled).TotalSeconds, 0, 1);
        Assert.Equal(JobStatus.Cancelled, (await JobFolder.ReadAsync(silo.Store, "cancelled", CancellationToken.None))!.Value.Value.Status);
        silo.Store.BeforeWrite = null;
        var again = await silo.SolveAsync(specification);
        Assert.InRange(again.ReusedShards, 1, SmallImages.Train - 1);
        await silo.DisposeAsync();
        Assert.All(Directory.EnumerateFiles(_images["store/statistics"], "*", SearchOption.AllDirectories).Select(Path.GetFileName), name => Assert.DoesNotContain(".tmp", name));
        using var other = new SmallImages();
        await using var fresh = await TestSilo.StartAsync(other.Store);
        var untouched = await fresh.SolveAsync(specification);
        Assert.Equal(untouched.WeightsSha256, again.WeightsSha256);
    }

    [Fact]
    public async Task Damaged_statistics_are_never_summed()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Pixels);
        var first = await silo.SolveAsync(specification);
        foreach (var file in Directory.EnumerateFiles(_images["store/statistics"], "*", SearchOption.AllDirectories).ToList())
        {
            var content = await File.ReadAllBytesAsync(file);
            content[^3] ^= 4;
            await File.WriteAllBytesAsync(file, content);
        }
        var record = await silo.RunAsync(specification);
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Contains("statistics/", record.Failure!.Cause);
        for (var attempt = 0; record.Status == JobStatus.Failed && attempt < 10; attempt++)
            record = await silo.RunAsync(specification); // what was damaged was removed, an artifact a job
        Assert.Equal(first.WeightsSha256, record.Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_job_that_does_not_fit_into_memory_is_refused_before_it_reads_rows()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.MaxMemoryBytes), "100000"));
        var record = await silo.RunAsync(_images.Specification(SmallImages.Patches));
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Equal(JobStage.Plan, record.Failure!.Stage);
        Assert.Contains("100,000", record.Failure.Cause);
        Assert.False(Directory.Exists(_images["store/statistics"]));
    }

    [Fact]
    public async Task A_table_that_does_not_fit_is_refused_before_it_is_read_and_one_that_is_damaged_shows_its_plan_first()
    {
        using var folder = new TemporaryFolder();
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i % 7},{i % 3},{"pq"[i % 2]}\n"));
        var table = new SourceSpecification { Format = SourceFormat.Csv, Path = folder.Write("a.csv", $"x,y,kind\n{rows}1,oops,p\n"), LabelColumn = "kind" };
        var specification = _images.Specification(SmallImages.Pixels) with { Data = new DataSpecification { Train = [table] } };
        await using (var small = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.MaxMemoryBytes), "1000")))
        {
            var refused = await small.RunAsync(specification);
            Assert.Contains("the memory plan needs", refused.Failure!.Cause); // the bad last line was never seen
        }
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var job = silo.Job("damaged");
        await job.StartAsync(specification);
        var record = await TestSilo.EndOf(job);
        Assert.Contains("line 20002", record.Failure!.Cause);
        Assert.True((await job.PollAsync())!.Plan!.IsEstimate);
    }

    [Fact]
    public async Task A_test_row_whose_label_training_never_saw_is_counted_and_left_out()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var labels = File.ReadAllBytes(_images["test-labels"]);
        labels[8 + 17] = 9;
        File.WriteAllBytes(_images["test-labels"], labels);
        var result = await silo.SolveAsync(_images.Specification(SmallImages.Pixels));
        Assert.Equal(1, result.Test!.UnknownRows);
        Assert.Equal(labels.Length - 8 - 1, result.Test.Rows);
    }

    [Fact]
    public async Task Columns_in_another_order_are_refused_not_mixed()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        using var folder = new TemporaryFolder();
        var train = new SourceSpecification { Format = SourceFormat.Csv, Path = folder.Write("a.csv", "x,y,kind\n1,2,p\n2,1,q\n1,3,p\n3,1,q\n"), LabelColumn = "kind" };
        var test = train with { Path = folder.Write("b.csv", "y,x,kind\n2,1,p\n") };
        var specification = _images.Specification(SmallImages.Pixels) with { Data = new DataSpecification { Train = [train], Test = [test] } };
        var record = await silo.RunAsync(specification);
        Assert.Contains("b.csv has column 1 'y'", record.Failure!.Cause);
        var model = await silo.SolveAsync(specification with { Data = new DataSpecification { Train = [train] } });
        var error = await Assert.ThrowsAsync<JobException>(() => silo.Grains.GetGrain<IModelGrain>(model.Model).EvaluateAsync([test]));
        Assert.Contains("b.csv has column 1 'y'", error.Message);
        var renamed = train with { Path = folder.Write("c.csv", "x,y,kind\n1,2,cat\n2,1,dog\n1,3,cat\n3,1,dog\n") };
        Assert.NotEqual(model.Model, (await silo.SolveAsync(specification with { Data = new DataSpecification { Train = [renamed] } })).Model);
    }

    private static CountTable Only(CountTable all, int firstInput, int inputs)
    {
        var rows = all.Between(firstInput, firstInput + inputs);
        return new CountTable(all.Inputs, all.Classes, rows.Seen.ToArray(), rows.Counts.ToArray());
    }
}
