using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Layers as jobs: what the bare library gives, the same bits everywhere, and models that predict alone.</summary>
public sealed class LayerJobTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    private static FeatureMapSpecification LayerMap(int number) => new() { Map = FeatureMapKind.Layer, Number = number };

    private static LayerSpecification Windows { get; } = new()
    {
        Features = [SmallImages.Bins],
        Windows = new WindowSpecification(4, 4, 2),
        Tuples = new TupleSpecification(2, 12, 1),
        Solve = new SolveSpecification { K = [1], Alpha = [.05] },
    };

    private JobSpecification Stacked => _images.Specification(LayerMap(1)) with { Layers = [Windows] };

    /// <summary>Classes of small windows, classes of windows of these, and patches beside both.</summary>
    private JobSpecification Deep => _images.Specification(SmallImages.Patches, LayerMap(2)) with
    {
        Layers =
        [
            Windows with { Tuples = null },
            new LayerSpecification { Features = [LayerMap(1)], Windows = new WindowSpecification(2, 2, 1), Solve = new SolveSpecification { K = [1, 2], Alpha = [.05, .5] } },
        ],
    };

    [Fact]
    public async Task The_job_counts_and_solves_to_the_bits_of_the_bare_library()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(Stacked);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);

        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var rows = await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None);
        var below = new RowEncoder([new BinsMap([60, 120])], source.Shape);
        var first = BlockStatistics.Accumulate(below.EncodeBlocks(rows.Rows), rows.Labels, 3);
        var windows = new WindowGrid((8, 8), (4, 4), 2);
        var scores = new WindowScores(below.Layout, windows, first.Counts, new ClassTotals(first.ClassRows, first.ClassMass), .05);
        var encoder = new RowEncoder([new WindowClassMap(below, windows, WindowTuples.Draw(9, 2, 12, 1), LayerTargets.OfClasses(3), scores)], source.Shape);
        var encoded = encoder.EncodeBlocks(rows.Rows, rows.Labels, null);
        var second = BlockStatistics.Accumulate(encoded, rows.Labels, 3);
        var weights = new ExplicitSolution(encoder.Layout, new ClassTotals(second.ClassRows, second.ClassMass), new SolveSettings(result.K, result.Alpha, 0)).Solve(second.Counts);
        Assert.NotEqual(encoder.EncodeBlocks(rows.Rows).Codes.ToArray(), encoded.Codes.ToArray()); // it matters that rows are left out
        for (var i = 0; i < second.Counts.Seen.Length; i++)
            Assert.Equal(weights.AsSpan(i * 3, 3), model.WeightsOf(second.Counts.Seen[i]));
        Assert.Equal(SmallImages.Test, result.Test!.Rows);
    }

    [Fact]
    public async Task Shards_silos_and_a_silo_that_fails_change_no_bit_of_any_layer()
    {
        await using var first = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.ComputeSlots), "2"));
        var expected = await first.SolveAsync(Deep);
        Assert.Equal(2, expected.Layers.Length);
        Assert.Equal(4, expected.Layers[1].Choice.Length);
        Assert.Equal(0, expected.Layers[1].ReusedShards);
        Assert.Equal([7, 7], (await first.SolveAsync(Deep)).Layers.Select(layer => layer.ReusedShards));

        await using var second = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        await using var third = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        var failures = 0;
        foreach (var silo in new[] { first, second, third })
        {
            await silo.SeesAsync(3);
            silo.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 2
                ? throw new InvalidOperationException("a passing fault")
                : Task.CompletedTask;
        }
        var record = await third.RunAsync(Deep with { Data = Deep.Data with { ShardRows = 33 } });
        Assert.NotEmpty(record.Retries);
        AssertSame(expected, record.Result!);
        Assert.Equal(3, record.Result!.Silos);
    }

    [Fact]
    public async Task Layers_over_the_same_statistics_choose_each_from_its_own_settings()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        LayerSpecification Trying(params double[] alphas) => Windows with { Solve = new SolveSpecification { K = [1], Alpha = [.. alphas] } };
        var result = await silo.SolveAsync(_images.Specification(LayerMap(1), LayerMap(2)) with { Layers = [Trying(.05, .5), Trying(5, 50)] });
        Assert.Equal(result.Layers[0].StatisticsSha256, result.Layers[1].StatisticsSha256);
        Assert.Equal([.05, .5], result.Layers[0].Choice.Select(point => point.Alpha));
        Assert.Equal([5, 50], result.Layers[1].Choice.Select(point => point.Alpha));
        Assert.True(result.Layers[1].Alpha is 5 or 50);
    }

    [Fact]
    public async Task A_silo_that_stops_while_layers_are_solved_costs_time_and_no_bit()
    {
        using var alone = new SmallImages(wrong: 0.2);
        JobResult expected;
        await using (var calm = await TestSilo.StartAsync(alone.Store))
            expected = await calm.SolveAsync(Deep with { Data = alone.Specification().Data });
        await using var first = await TestSilo.StartAsync(_images.Store);
        var second = await TestSilo.JoinAsync(first, _images.Store);
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        var counting = new TaskCompletionSource();
        second.Store.BeforeWrite = name =>
        {
            if (name.StartsWith("statistics/", StringComparison.Ordinal))
                counting.TrySetResult();
            return Task.CompletedTask;
        };
        await first.Job("moved").StartAsync(Deep with { Data = Deep.Data with { ShardRows = 10 } });
        await counting.Task.WaitAsync(TestSilo.Deadline, TestContext.Current.CancellationToken);
        var ending = first.EndOfMovedAsync("moved");
        await second.DisposeAsync();
        var record = await ending;
        Assert.Equal(JobStatus.Done, record.Status);
        AssertSame(expected, record.Result!);
    }

    [Fact]
    public async Task A_model_predicts_alone_and_says_what_it_stands_on()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(Deep);
        await foreach (var name in silo.Store.ListAsync("statistics/", CancellationToken.None))
            await silo.Store.DeleteAsync(name, CancellationToken.None);
        var report = await silo.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal(result.Test!.Confusion, report.Confusion);
        Assert.Equal(result.Test.CrossEntropy, report.CrossEntropy);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Equal([1, 2], LayerMaps.AllOf(model.Description.Encoding.Features).Select(layer => layer.Number));
        Assert.Equal(result.Layers.Select(layer => layer.StatisticsSha256), LayerMaps.AllOf(model.Description.Encoding.Features).Select(layer => layer.StatisticsSha256));
        var map = model.Encoder.Layout.Maps[1];
        Assert.Equal("layer 2: (0, 1) 2", InputNames.Of(model, map.FirstInput + 1 * 3 + 2));

        var stacked = await TrainedModel.LoadAsync(silo.Store, (await silo.SolveAsync(Stacked)).ModelPath, CancellationToken.None);
        var windows = ((WindowClassMap)stacked.Encoder.Maps[0]).WindowsOf(3);
        var corners = windows.Select(window => $"({window / 3 * 2}, {window % 3 * 2})").ToArray();
        Assert.Equal($"layer 1: {corners[0]} 1, {corners[1]} 2", InputNames.Of(stacked, stacked.Encoder.Layout.BlockStart(3) + 1 * 3 + 2));
        Assert.Equal(9, (await ModelInsight.LoadAsync(silo.Store, stacked, CancellationToken.None)).Picture(stacked.Encoder.Layout.Maps[0], 0).Length);
    }

    [Fact]
    public async Task Sweeps_and_averaging_refine_the_top_on_rows_left_out_below()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var sweeps = Deep with { Refine = new RefineSpecification { Method = RefineMethod.Sweeps, Sweeps = new SweepSpecification { Average = 2 } } };
        var expected = await silo.SolveAsync(sweeps);
        AssertSame(expected, await silo.SolveAsync(sweeps with { Refine = sweeps.Refine with { Workers = 3 }, Data = sweeps.Data with { ShardRows = 41 } }));
        var averaging = new AveragingSpecification { Rounds = 2, HoldOut = true, Stop = 0 };
        var averaged = await silo.SolveAsync(Deep with { Refine = new RefineSpecification { Method = RefineMethod.Averaging, Averaging = averaging } });
        Assert.Equal(2, averaged.Refinement.Length);
        Assert.NotEqual(expected.Layers[0].StatisticsSha256, averaged.Layers[0].StatisticsSha256); // held-out rows are held out of every layer
    }

    [Fact]
    public async Task Probabilities_of_windows_are_layers_for_dense_rows()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var soft = new LayerSpecification
        {
            Features = [SmallImages.Pixels],
            Activation = LayerActivation.Softmax,
            Windows = new WindowSpecification(4, 4, 2),
            Solve = new SolveSpecification { K = [20], Alpha = [.01] },
        };
        var specification = _images.Specification(LayerMap(3)) with
        {
            Layers =
            [
                soft,
                soft with { Features = [LayerMap(1)], Windows = new WindowSpecification(2, 2, 1), Solve = new SolveSpecification { K = [2, 4], Alpha = [.01, .1], Beta = 1 } },
                soft with { Features = [LayerMap(2)], Windows = null, Solve = new SolveSpecification { K = [1], Alpha = [.01] } },
            ],
        };
        var expected = await silo.SolveAsync(specification);
        Assert.Equal([64, 27, 12, 3], [.. expected.Layers.Select(layer => layer.Inputs), expected.Inputs]);
        Assert.InRange(expected.Test!.Accuracy, .7, 1);
        AssertSame(expected, await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = 37 } }));
        var model = await TrainedModel.LoadAsync(silo.Store, expected.ModelPath, CancellationToken.None);
        Assert.Equal("layer 3: P(2)", InputNames.Of(model, 2));
        Assert.Single((await ModelInsight.LoadAsync(silo.Store, model, CancellationToken.None)).Picture(model.Encoder.Layout.Maps[0], 1));
        var refine = new RefineSpecification { Method = RefineMethod.Averaging, Averaging = new AveragingSpecification { Rounds = 1 } };
        Assert.Single((await silo.SolveAsync(specification with { Features = [LayerMap(1)], Layers = [soft], Refine = refine })).Refinement);
        var mixed = await silo.RunAsync(specification with { Features = [SmallImages.Pixels, LayerMap(3)] });
        Assert.Equal("the map 'layer' gives probabilities and the map 'pixels' bytes, and a row is normalised once", mixed.Failure!.Cause);
    }

    [Fact]
    public async Task The_plan_of_memory_counts_the_tables_of_the_layers()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.MaxMemoryBytes), "2000000"));
        var record = await silo.RunAsync(Stacked with { Layers = [Windows with { Features = [SmallImages.Patches], Windows = null, Tuples = null }] });
        Assert.Equal((JobStatus.Failed, JobStage.Plan), (record.Status, record.Failure!.Stage));
        Assert.Contains("the memory plan needs up to", record.Failure.Cause, StringComparison.Ordinal);
        var plan = LayerMemory.PlanOf(Stacked, RowShape.Image(8, 8), 700, 0, 3, new ExplicitOptions { ComputeSlots = 1 });
        var tables = Assert.Single(plan.Items, item => item.What == "tables of the layers below");
        Assert.InRange(tables.Bytes, 192 * 3 * sizeof(long), 100_000);
    }

    [Fact]
    public async Task What_does_not_go_together_ends_the_job_in_its_plan_with_one_line()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        await AssertFailsAsync(Windows with { Windows = new WindowSpecification(9, 2, 1) }, "windows of 9 x 2 positions do not fit the 8 x 8 positions of the layer's features");
        await AssertFailsAsync(Windows with { Tuples = new TupleSpecification(10, 5, 1) }, "tuples of 10 windows, and the layer has 9");
        await AssertFailsAsync(Windows with { Windows = new WindowSpecification(1, 1, 1), Tuples = new TupleSpecification(11, 5, 1) }, "tuples of 11 windows of 3 classes have 177147 codes, more than 65,536");
        await AssertFailsAsync(Windows with { Features = [SmallImages.Orientations] }, "windows of layer 1: its map 'orientations' lies on no grid");
        await AssertFailsAsync(Windows with { Features = [SmallImages.Bins, SmallImages.Patches] }, "windows of layer 1: its maps 'bins' and 'patches' have 8 x 8 and 3 x 3 positions");

        async Task AssertFailsAsync(LayerSpecification layer, string cause)
        {
            var record = await silo.RunAsync(Stacked with { Layers = [layer] });
            Assert.Equal((JobStatus.Failed, JobStage.Plan, cause), (record.Status, record.Failure!.Stage, record.Failure.Cause));
            Assert.NotEmpty(record.Failure.Remedy);
        }
    }

    private static void AssertSame(JobResult expected, JobResult seen)
    {
        Assert.Equal(expected.Layers.Select(layer => layer.StatisticsSha256), seen.Layers.Select(layer => layer.StatisticsSha256));
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (seen.StatisticsSha256, seen.WeightsSha256));
        Assert.Equal(expected.Test!.CrossEntropy, seen.Test!.CrossEntropy);
    }
}
