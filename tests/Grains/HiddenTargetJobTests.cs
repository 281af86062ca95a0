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

/// <summary>Layers whose targets are codes of the labels or sub-classes of them.</summary>
public sealed class HiddenTargetJobTests : IDisposable
{
    private const int Subclasses = 3;
    private const int Passes = 2;

    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    private static FeatureMapSpecification LayerMap(int number) => new() { Map = FeatureMapKind.Layer, Number = number };

    private static HiddenTargetSpecification Codes { get; } = new() { Code = 3, Seed = 5 };

    private static HiddenTargetSpecification Kinds { get; } = new() { Subclasses = Subclasses, Passes = Passes, Seed = 2 };

    private static LayerSpecification Windows { get; } = new()
    {
        Features = [SmallImages.Bins],
        Windows = new WindowSpecification(4, 4, 2),
        Solve = new SolveSpecification { K = [1], Alpha = [.05] },
        Targets = Kinds,
    };

    private static LayerSpecification Soft { get; } = Windows with { Features = [SmallImages.Pixels], Activation = LayerActivation.Softmax, Solve = new SolveSpecification { K = [20], Alpha = [.01] } };

    /// <summary>Sub-classes on label codes, and patches beside them.</summary>
    private JobSpecification Deep => _images.Specification(SmallImages.Patches, LayerMap(2)) with
    {
        Layers = [Windows with { Targets = Codes }, Windows with { Features = [LayerMap(1)], Windows = new WindowSpecification(2, 2, 1), Tuples = new TupleSpecification(2, 3, 1) }],
    };

    [Fact]
    public async Task The_job_finds_the_sub_classes_that_the_bare_library_finds()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(_images.Specification(LayerMap(1)) with { Layers = [Windows] });
        var layer = Assert.Single(result.Layers);
        Assert.Equal(Passes, layer.Passes.Length);
        Assert.Equal(Passes + 1, layer.Passes.Append(layer.StatisticsSha256).Distinct().Count());
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);

        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var rows = await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None);
        var below = new RowEncoder([new BinsMap([60, 120])], source.Shape);
        var tables = new List<ILayerScores>();
        for (var pass = 0; pass < Passes; pass++)
            tables.Add(Count(new Subclasses(Subclasses, 2, [.. tables]), WindowGrid.Whole(below.Layout)));
        var subclasses = new Subclasses(Subclasses, 2, tables);
        var windows = new WindowGrid((8, 8), (4, 4), 2);
        var encoder = new RowEncoder([new WindowClassMap(below, windows, null, LayerTargets.OfClasses(3 * Subclasses), Count(subclasses, windows, subclasses))], source.Shape);
        var encoded = encoder.EncodeBlocks(rows.Rows, rows.Labels, null);
        Assert.NotEqual(encoder.EncodeBlocks(rows.Rows).Codes.ToArray(), encoded.Codes.ToArray()); // it matters that rows are left out
        var top = BlockStatistics.Accumulate(encoded, rows.Labels, 3);
        var weights = new ExplicitSolution(encoder.Layout, new ClassTotals(top.ClassRows, top.ClassMass), new SolveSettings(result.K, result.Alpha, 0)).Solve(top.Counts);
        for (var i = 0; i < top.Counts.Seen.Length; i++)
            Assert.Equal(weights.AsSpan(i * 3, 3), model.WeightsOf(top.Counts.Seen[i]));

        WindowScores Count(Subclasses found, WindowGrid grid, Subclasses? own = null)
        {
            var blocks = below.EncodeBlocks(rows.Rows);
            var statistics = BlockStatistics.Accumulate(blocks, found.Of(rows.Rows, blocks, rows.Labels), 3 * Subclasses);
            return new WindowScores(below.Layout, grid, statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass), .05) { Subclasses = own };
        }
    }

    [Fact]
    public async Task Shards_silos_and_a_silo_that_fails_change_no_bit_of_any_pass()
    {
        await using var first = await TestSilo.StartAsync(_images.Store);
        var expected = await first.SolveAsync(Deep);
        Assert.Equal([Codes, Kinds], expected.Layers.Select(layer => layer.Targets));
        Assert.Equal([7, 7], (await first.SolveAsync(Deep)).Layers.Select(layer => layer.ReusedShards));
        await using var second = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        await using var third = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var failures = 0;
        second.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 2
            ? throw new InvalidOperationException("a passing fault")
            : Task.CompletedTask;
        var record = await third.RunAsync(Deep with { Data = Deep.Data with { ShardRows = 33 } });
        Assert.NotEmpty(record.Retries);
        Assert.Equal(3, record.Result!.Silos);
        AssertSame(expected, record.Result);
    }

    [Fact]
    public async Task Codes_need_no_counting_of_their_own_and_models_predict_alone()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var labels = await silo.SolveAsync(Deep with { Layers = [Windows with { Targets = null }], Features = [LayerMap(1)] });
        var codes = await silo.SolveAsync(Deep);
        Assert.Equal((labels.Layers[0].StatisticsSha256, 7), (codes.Layers[0].StatisticsSha256, codes.Layers[0].ReusedShards));
        await foreach (var name in silo.Store.ListAsync("statistics/", CancellationToken.None))
            await silo.Store.DeleteAsync(name, CancellationToken.None);
        var report = await silo.Grains.GetGrain<IModelGrain>(codes.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal(codes.Test!.Confusion, report.Confusion);
        Assert.Equal(codes.Test.CrossEntropy, report.CrossEntropy);
        var model = await TrainedModel.LoadAsync(silo.Store, codes.ModelPath, CancellationToken.None);
        Assert.Equal([8, 81], LayerMaps.AllOf(model.Description.Encoding.Features).Select(layer => FeatureCodesOf(layer)));
        var map = model.Encoder.Layout.Maps[1];
        Assert.Matches(@"^layer 2: \(\d, \d\) 0 2, \(\d, \d\) 2 3$", InputNames.Of(model, map.FirstInput + 1 * 9 + 8));

        int FeatureCodesOf(SolvedLayer layer) => ((BlockMap)LayerMaps.OutlineOf(LayerMap(layer.Number) with { Solved = layer }, model.Encoder.Shape)).Codes;
    }

    [Fact]
    public async Task Probabilities_of_bits_and_of_sub_classes_are_inputs_that_people_can_read()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var kinds = await silo.SolveAsync(_images.Specification(LayerMap(1)) with { Layers = [Soft] });
        var codes = await silo.SolveAsync(_images.Specification(LayerMap(1)) with { Layers = [Soft with { Targets = Codes }] });
        Assert.Equal((9 * 3 * Subclasses, 9 * 2 * 3), (kinds.Inputs, codes.Inputs));
        Assert.InRange(kinds.Test!.Accuracy, .7, 1);
        Assert.InRange(codes.Test!.Accuracy, .7, 1);
        AssertSame(kinds, await silo.SolveAsync(_images.Specification(LayerMap(1)) with { Layers = [Soft], Data = Deep.Data with { ShardRows = 41 } }));
        Assert.Equal("layer 1: (2, 0) P(0 2)", await NameOf(kinds, 9 + 3));
        Assert.Equal("layer 1: (2, 0) P(bit 2 is 1)", await NameOf(codes, 3 * 9 + 3));

        async Task<string> NameOf(JobResult result, int input)
        {
            var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);
            Assert.Equal(9, (await ModelInsight.LoadAsync(silo.Store, model, CancellationToken.None)).Picture(model.Encoder.Layout.Maps[0], 2).Length);
            return InputNames.Of(model, input);
        }
    }

    [Fact]
    public async Task A_row_keeps_its_sub_classes_whatever_rows_are_beside_it()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var removed = _images.RowsOf(0);
        var partly = await silo.SolveAsync(Deep with { Data = Deep.Data with { Train = [_images.TrainSource with { Removed = [.. removed] }] } });
        AssertSame(partly, await silo.SolveAsync(Deep with { Data = Deep.Data with { Train = [_images.Without("left", removed)] } }));
        Assert.Equal(["1", "2"], partly.Labels);
    }

    [Fact]
    public async Task Sweeps_refine_the_top_on_rows_left_out_of_their_sub_classes()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var sweeps = Deep with { Refine = new RefineSpecification { Method = RefineMethod.Sweeps, Sweeps = new SweepSpecification { Average = 2 } } };
        AssertSame(await silo.SolveAsync(sweeps), await silo.SolveAsync(sweeps with { Refine = sweeps.Refine with { Workers = 3 }, Data = sweeps.Data with { ShardRows = 41 } }));
    }

    [Fact]
    public async Task What_the_labels_do_not_allow_ends_the_job_in_its_plan()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        await AssertFailsAsync(Windows with { Targets = new HiddenTargetSpecification { Code = 1 } }, "codes of 1 bits tell 2 classes apart, and there are 3");
        await AssertFailsAsync(Windows with { Tuples = new TupleSpecification(6, 5, 1) }, "tuples of 6 windows of 9 classes have 531441 codes, more than 65,536");

        async Task AssertFailsAsync(LayerSpecification layer, string cause)
        {
            var record = await silo.RunAsync(_images.Specification(LayerMap(1)) with { Layers = [layer] });
            Assert.Equal((JobStatus.Failed, JobStage.Plan, cause), (record.Status, record.Failure!.Stage, record.Failure.Cause));
            Assert.NotEmpty(record.Failure.Remedy);
        }
    }

    private static void AssertSame(JobResult expected, JobResult seen)
    {
        Assert.Equal(expected.Layers.SelectMany(layer => layer.Passes.Append(layer.StatisticsSha256)), seen.Layers.SelectMany(layer => layer.Passes.Append(layer.StatisticsSha256)));
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (seen.StatisticsSha256, seen.WeightsSha256));
        Assert.Equal(expected.Test!.CrossEntropy, seen.Test!.CrossEntropy);
    }
}
