using System.Text;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Models.Explanations;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Layers over texts and over sparse rows.</summary>
public sealed class TextLayerJobTests : IDisposable
{
    private readonly SmallTexts _texts = new();

    public void Dispose() => _texts.Dispose();

    private static FeatureMapSpecification LayerMap(int number) => new() { Map = FeatureMapKind.Layer, Number = number };

    private static TextSpecification FourGroups { get; } = SmallTexts.FourGroups with { Temperatures = null };

    /// <summary>The probabilities of the classes by each group of features.</summary>
    private static LayerSpecification Soft { get; } = new()
    {
        Features = [],
        Text = FourGroups,
        Activation = LayerActivation.Softmax,
        Windows = new WindowSpecification(1, 1, 1),
        Solve = new SolveSpecification { K = [4, 8], Alpha = [.01, .1], Beta = .5 },
    };

    /// <summary>The best sub-class by neighbouring groups.</summary>
    private static LayerSpecification Kinds { get; } = new()
    {
        Features = [],
        Text = FourGroups,
        Windows = new WindowSpecification(2, 1, 1),
        Solve = new SolveSpecification { K = [1], Alpha = [.05] },
        Targets = new HiddenTargetSpecification { Subclasses = 2, Passes = 2 },
    };

    private JobSpecification Specification(LayerSpecification[] layers, params FeatureMapSpecification[] features) =>
        _texts.Specification(FourGroups, 1000) with { Text = null, Layers = [.. layers], Features = [.. features], Solve = new SolveSpecification { K = [1, 2, 4], Alpha = [.01, .1] } };

    private JobSpecification Probable => Specification([Soft], LayerMap(1));

    /// <summary>Sub-classes of texts, tuples of codes on these, and both under a top that is swept.</summary>
    private JobSpecification Deep => Specification(
        [
            Kinds,
            new LayerSpecification
            {
                Features = [LayerMap(1)],
                Windows = new WindowSpecification(1, 1, 1),
                Tuples = new TupleSpecification(2, 3, 1),
                Targets = new HiddenTargetSpecification { Code = 2 },
                Solve = new SolveSpecification { K = [1], Alpha = [.05] },
            },
        ],
        LayerMap(1),
        LayerMap(2)) with
    {
        Refine = new RefineSpecification { Method = RefineMethod.Sweeps, Workers = 2 },
    };

    [Fact]
    public async Task The_job_gives_the_weights_that_the_bare_library_gives()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var result = await silo.SolveAsync(Probable with { Layers = [Soft with { Solve = new SolveSpecification { K = [6], Alpha = [.05], Beta = .5 } }] });
        var layer = Assert.Single(result.Layers);
        Assert.InRange(result.Test!.Accuracy, 0.5, 1);
        Assert.Equal((4 * 3, SmallTexts.TestRows), (result.Inputs, result.Test.Rows));

        var source = await new SourceReader(silo.Store).OpenAsync(_texts.Source("train.tsv"), labelsRequired: true, CancellationToken.None);
        var rows = await new SourceReader(silo.Store).ReadDocumentsAsync(source, 0, SmallTexts.TrainRows, CancellationToken.None);
        var counter = await TextFeatures.CounterAsync(silo.Store, FourGroups, CancellationToken.None);
        for (var row = 0; row < rows.Count; row++)
            counter.Add(rows[row]);
        var vocabulary = TextFeatures.VocabularyOf(FourGroups, [.. counter.ToLists().Select(list => list.AtLeast(2))]);
        var below = RowEncoder.OfSparse(vocabulary.Layout, await TextFeatures.EncoderMakerAsync(silo.Store, FourGroups, vocabulary, CancellationToken.None));
        var counted = SparseStatistics.Accumulate(below.EncodeSparse(rows.Rows.Rows), SparseScale.Norm, rows.Labels, 3);
        var windows = new WindowGrid((4, 1), (1, 1), 1);
        var scores = new SparseWindowScores(below.Layout, windows, counted.Counts, new ClassTotals(counted.ClassRows, counted.ClassMass), .05)
        {
            Vanishing = [.. vocabulary.Groups.SelectMany(group => group.Rows.Select(n => n == 2))],
        };
        var encoder = new RowEncoder([new SoftmaxMap(below, windows, LayerTargets.OfClasses(3), scores, 6, .5)], RowShape.Texts);
        var encoded = encoder.EncodeDense(rows.Rows.Rows, rows.Labels);
        Assert.False(encoder.EncodeDense(rows.Rows.Rows).Floats.SequenceEqual(encoded.Floats)); // it matters that rows are left out
        var top = DenseStatistics.Accumulate(encoded, rows.Labels, 3);
        var weights = new ExplicitSolution(encoder.Layout, new ClassTotals(top.ClassRows, top.ClassMass), new SolveSettings(result.K, result.Alpha, 0)).Solve(top.Counts);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Equal(weights, model.Weights);
        Assert.Equal(counted.Counts.Inputs, layer.Inputs);
    }

    [Fact]
    public async Task Shards_silos_and_a_silo_that_fails_change_no_bit_of_any_layer()
    {
        await using var first = await TestSilo.StartAsync(_texts.Store);
        JobSpecification[] all = [Probable, Deep];
        var expected = new List<JobResult>();
        foreach (var specification in all)
            expected.Add(await first.SolveAsync(specification));
        Assert.Equal(4, expected[0].Layers[0].Choice.Length);
        await using var second = await TestSilo.JoinAsync(first, _texts.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        await using var third = await TestSilo.JoinAsync(first, _texts.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var failures = 0;
        second.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 2
            ? throw new InvalidOperationException("a passing fault")
            : Task.CompletedTask;
        for (var i = 0; i < all.Length; i++)
        {
            var record = await third.RunAsync(all[i] with { Data = all[i].Data with { ShardRows = 37 } });
            Assert.Equal((3, 9), (record.Result!.Silos, record.Result.Shards));
            AssertSame(expected[i], record.Result);
        }
        Assert.True(failures > 2);
    }

    [Fact]
    public async Task A_model_predicts_and_explains_when_the_statistics_are_gone()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var result = await silo.SolveAsync(Deep);
        foreach (var folder in new[] { "statistics/", "vocabularies/" })
        {
            await foreach (var name in silo.Store.ListAsync(folder, CancellationToken.None))
                await silo.Store.DeleteAsync(name, CancellationToken.None);
        }
        var report = await silo.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_texts.Source("test.tsv")]);
        Assert.Equal(result.Test!.Confusion, report.Confusion);
        Assert.Equal(result.Test.CrossEntropy, report.CrossEntropy);

        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Matches("^layer 1: words, words 2: (devel|games|text) [12]$", InputNames.Of(model, 0));
        var row = await ModelRow.OfTextAsync(model, silo.Store, Encoding.UTF8.GetBytes("game card server3"), CancellationToken.None);
        for (var c = 0; c < model.Classes; c++)
            Assert.Equal(row.Scores[c], model.Bias[c] + row.Active.Sum(input => input.Value * model.WeightsOf(input.Input)[c]), 5);
    }

    [Fact]
    public async Task Removed_rows_are_as_if_they_had_never_been_there()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        _texts.Write("less.tsv", 1, SmallTexts.TrainRows, row => row is < 10 or > 29);
        var without = await silo.SolveAsync(Deep with { Data = Deep.Data with { Train = [_texts.Source("less.tsv")] } });
        AssertSame(without, await silo.SolveAsync(Deep with { Data = Deep.Data with { Train = [_texts.Source("train.tsv") with { Removed = [new RemovedRows(10, 29)] }] } }));
    }

    [Fact]
    public async Task A_layer_counts_what_a_classifier_of_the_same_features_counts()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var alone = await silo.SolveAsync(_texts.Specification(FourGroups, 1000));
        var layer = Assert.Single((await silo.SolveAsync(Probable)).Layers);
        Assert.Equal((alone.StatisticsSha256, 1), (layer.StatisticsSha256, layer.ReusedShards));
    }

    [Fact]
    public async Task A_layer_is_refined_on_its_own_loss()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var refine = new RefineSpecification { Method = RefineMethod.Averaging, Workers = 2, Averaging = new AveragingSpecification { Rounds = 3, Batch = 16, LearningRate = 0.5 } };
        var refined = Probable with { Layers = [Soft with { Solve = new SolveSpecification { K = [6], Alpha = [.05], Beta = .5 }, Refine = refine }] };
        var result = await silo.SolveAsync(refined);
        Assert.Equal(3, Assert.Single(result.Layers).Refined!.Rounds.Length);
        var rounds = result.Layers[0].Refined!.Rounds;
        Assert.True(rounds[^1].TrainCrossEntropy < rounds[0].TrainCrossEntropy);
        AssertSame(result, await silo.SolveAsync(refined with { Data = refined.Data with { ShardRows = 41 } }));
        var report = await silo.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_texts.Source("test.tsv")]);
        Assert.Equal(result.Test!.CrossEntropy, report.CrossEntropy);
    }

    [Fact]
    public async Task A_layer_of_sub_classes_is_refined_as_one_whose_labels_they_are()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var refine = new RefineSpecification { Method = RefineMethod.Averaging, Workers = 2, Averaging = new AveragingSpecification { Rounds = 3, Batch = 16, LearningRate = 0.5 } };
        var layer = Kinds with { Refine = refine, Solve = new SolveSpecification { K = [6], Alpha = [.05], Beta = .5 } };
        var hidden = Assert.Single((await silo.SolveAsync(Specification([layer], LayerMap(1)))).Layers);

        var source = await new SourceReader(silo.Store).OpenAsync(_texts.Source("train.tsv"), labelsRequired: true, CancellationToken.None);
        var rows = await new SourceReader(silo.Store).ReadDocumentsAsync(source, 0, SmallTexts.TrainRows, CancellationToken.None);
        var counter = await TextFeatures.CounterAsync(silo.Store, FourGroups, CancellationToken.None);
        for (var row = 0; row < rows.Count; row++)
            counter.Add(rows[row]);
        var vocabulary = TextFeatures.VocabularyOf(FourGroups, [.. counter.ToLists().Select(list => list.AtLeast(2))]);
        var sparse = RowEncoder.OfSparse(vocabulary.Layout, await TextFeatures.EncoderMakerAsync(silo.Store, FourGroups, vocabulary, CancellationToken.None)).EncodeSparse(rows.Rows.Rows);
        var tables = new List<ILayerScores>();
        for (var pass = 0; pass < 2; pass++)
        {
            var counted = SparseStatistics.Accumulate(sparse, SparseScale.Norm, new Subclasses(2, 1, [.. tables]).Of(rows.Rows.Rows, sparse, rows.Labels), 6);
            tables.Add(new SparseWindowScores(vocabulary.Layout, WindowGrid.Whole(vocabulary.Layout), counted.Counts, new ClassTotals(counted.ClassRows, counted.ClassMass), .05));
        }
        var targets = new Subclasses(2, 1, tables).Of(rows.Rows.Rows, sparse, rows.Labels);
        _texts.Write("told.tsv", 1, SmallTexts.TrainRows, _ => true, row => $"{source.Labels[targets[row] / 2]} {targets[row] % 2 + 1}");
        var told = Specification([layer with { Targets = null }], LayerMap(1)) with { Evaluate = EvaluateRows.None };
        var plain = Assert.Single((await silo.SolveAsync(told with { Data = told.Data with { Train = [_texts.Source("told.tsv")], ShardRows = 37 } })).Layers);
        Assert.Equal((plain.StatisticsSha256, plain.Refined!.Sha256), (hidden.StatisticsSha256, hidden.Refined!.Sha256));
        Assert.True(hidden.Refined.Rounds[^1].TrainCrossEntropy < hidden.Refined.Rounds[0].TrainCrossEntropy);
    }

    [Fact]
    public async Task Sub_classes_of_texts_are_refined_on_their_own_loss()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var refine = new RefineSpecification { Method = RefineMethod.Averaging, Workers = 2, Averaging = new AveragingSpecification { Rounds = 2, Batch = 16, LearningRate = 0.5 } };
        var refined = Specification([Kinds with { Refine = refine }], LayerMap(1));
        var result = await silo.SolveAsync(refined);
        var rounds = Assert.Single(result.Layers).Refined!.Rounds;
        Assert.True(rounds[^1].TrainCrossEntropy < rounds[0].TrainCrossEntropy);
        AssertSame(result, await silo.SolveAsync(refined with { Data = refined.Data with { ShardRows = 41 } }));
    }

    [Fact]
    public async Task Rows_with_weights_end_the_job_in_a_line()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        File.WriteAllLines(_texts.Source("weighted.tsv").Path!, ["label\ttext\tvotes", "games\tcard game\t2", "text\tfont tool\t1"]);
        var record = await silo.RunAsync(Probable with { Data = Probable.Data with { Train = [_texts.Source("weighted.tsv") with { WeightColumn = "votes" }] } });
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.EndsWith("weighted.tsv has weights, and layers take rows that count alike", record.Failure!.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_another_kind_end_the_job_in_its_plan()
    {
        using var images = new SmallImages();
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var record = await silo.RunAsync(Probable with { Data = images.Specification(LayerMap(1)).Data });
        Assert.Equal((JobStatus.Failed, JobStage.Plan), (record.Status, record.Failure!.Stage));
        Assert.Equal("the rows are 8 x 8 images, and layer 1 stands on texts", record.Failure.Cause);
        record = await silo.RunAsync(Probable with { Features = [LayerMap(1), new FeatureMapSpecification { Map = FeatureMapKind.Pixels }] });
        Assert.Equal((JobStatus.Failed, JobStage.Plan), (record.Status, record.Failure!.Stage));
        Assert.StartsWith("the rows are texts", record.Failure.Cause);
    }

    private static void AssertSame(JobResult expected, JobResult seen)
    {
        Assert.Equal(expected.Layers.SelectMany(layer => layer.Passes.Append(layer.StatisticsSha256)), seen.Layers.SelectMany(layer => layer.Passes.Append(layer.StatisticsSha256)));
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (seen.StatisticsSha256, seen.WeightsSha256));
        Assert.Equal(expected.Test!.CrossEntropy, seen.Test!.CrossEntropy);
    }
}
