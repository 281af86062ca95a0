using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Weights of classes and of rows are rows that occur so many times; labels that only test rows have are counted.</summary>
public sealed class WeightedJobTests : IDisposable
{
    private static readonly TextSpecification Hashed = new() { Groups = [new FeatureGroupSpecification { Map = FeatureGroupKind.Words, HashBits = 8 }] };
    private static readonly SolveSpecification Given = new() { K = [3], Alpha = [0.01], Beta = 0.5 };

    private readonly SmallTexts _texts = new();
    private readonly string[] _rows;

    public WeightedJobTests() => _rows = [.. File.ReadLines(_texts.Source("train.tsv").Path!).Skip(1)];

    public void Dispose() => _texts.Dispose();

    [Fact]
    public async Task Weights_of_classes_and_of_rows_are_rows_that_occur_so_often()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(Hashed, 100) with { Solve = Given };
        Write("often.tsv", "label\ttext", _rows.SelectMany(row => Enumerable.Repeat(row, row.StartsWith("games", StringComparison.Ordinal) ? 2 : 1)));
        var often = await silo.SolveAsync(With(specification, _texts.Source("often.tsv")));

        var byClass = await silo.SolveAsync(specification with { Solve = Given with { ClassWeights = new ClassWeightSpecification { Weights = [new LabelWeight("games", 2)] } } });
        Assert.Equal(often.WeightsSha256, byClass.WeightsSha256);
        Assert.Equal((await silo.SolveAsync(specification)).StatisticsSha256, byClass.StatisticsSha256); // F knows nothing of them

        Write("weighted.tsv", "label\ttext\tvotes", _rows.Select(row => $"{row}\t{(row.StartsWith("games", StringComparison.Ordinal) ? 2 : 1)}"));
        var byRow = await silo.SolveAsync(With(specification, _texts.Source("weighted.tsv") with { WeightColumn = "votes" }));
        Assert.Equal((often.StatisticsSha256, often.WeightsSha256), (byRow.StatisticsSha256, byRow.WeightsSha256));
    }

    [Fact]
    public async Task Balanced_classes_have_one_prior_for_texts_and_for_images_and_the_model_says_their_weights()
    {
        var balanced = Given with { ClassWeights = new ClassWeightSpecification { IsBalanced = true } };
        using var images = new SmallImages();
        await using var silo = await TestSilo.StartAsync(images.Store);
        var texts = _texts.Specification(Hashed, 100) with { Solve = balanced with { K = SolveSpecification.AutoK } };
        foreach (var specification in new[] { texts, images.Specification(SmallImages.Pixels) with { Solve = balanced }, images.Specification(SmallImages.Bins) with { Solve = balanced } })
        {
            var result = await silo.SolveAsync(specification);
            var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);
            Assert.All(model.Bias, bias => Assert.Equal(-Math.Log(3), bias, 1e-5));
            var statistics = model.Description.Lineage.Statistics;
            Assert.Equal(3, statistics.ClassWeights.Length);
            Assert.InRange(result.Test!.Accuracy, 0.4, 1);
        }
        var record = await silo.RunAsync(texts with { Solve = Given with { ClassWeights = new ClassWeightSpecification { Weights = [new LabelWeight("rare", 2)] } } });
        Assert.Equal("solve.classWeights has the label 'rare', and no training row has it", record.Failure!.Cause);
    }

    [Fact]
    public async Task Weights_of_classes_go_with_temperatures()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(SmallTexts.FourGroups, 100);
        var alike = await silo.SolveAsync(specification);
        var ones = await silo.SolveAsync(specification with { Solve = specification.Solve with { ClassWeights = new ClassWeightSpecification { Weights = [new LabelWeight("games", 1)] } } });
        Assert.Equal(alike.WeightsSha256, ones.WeightsSha256);

        var weighted = await silo.SolveAsync(specification with { Solve = specification.Solve with { ClassWeights = new ClassWeightSpecification { Weights = [new LabelWeight("games", 3)] } } });
        Assert.Equal(alike.StatisticsSha256, weighted.StatisticsSha256);
        var (before, after) = (await ModelAsync(alike), await ModelAsync(weighted));
        var games = before.Description.Labels.IndexOf("games");
        var odds = (TrainedModel model) => model.Bias[games] - model.Bias[(games + 1) % 3];
        Assert.Equal(odds(before) + Math.Log(3), odds(after), 1e-5);
        Assert.True(RecallOf(weighted) >= RecallOf(alike), $"recall of games {RecallOf(weighted)}, and {RecallOf(alike)} where rows count alike");

        var balanced = await silo.SolveAsync(specification with { Solve = specification.Solve with { ClassWeights = new ClassWeightSpecification { IsBalanced = true } } });
        Assert.All((await ModelAsync(balanced)).Bias, bias => Assert.Equal(-Math.Log(3), bias, 1e-5));

        Task<TrainedModel> ModelAsync(JobResult result) => TrainedModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);

        double RecallOf(JobResult result)
        {
            var of = result.Labels.IndexOf("games");
            return (double)result.Test!.Confusion[of * 3 + of];
        }
    }

    [Fact]
    public async Task Test_rows_whose_labels_no_training_row_has_are_counted_and_left_out_of_the_figures()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(Hashed, 100) with { Solve = Given };
        var expected = (await silo.SolveAsync(specification)).Test!;
        string[] test = [.. File.ReadLines(_texts.Source("test.tsv").Path!).Skip(1)];
        Write("strange.tsv", "label\ttext", [.. test[..20], "sound\tgame", "kernel\tlibrary", .. test[20..]]);
        var seen = (await silo.SolveAsync(specification with { Data = specification.Data with { Test = [_texts.Source("strange.tsv")], ShardRows = 15 } })).Test!;
        Assert.Equal((expected.Rows, 2, expected.CrossEntropy, 0), (seen.Rows, seen.UnknownRows, seen.CrossEntropy, expected.UnknownRows));
        Assert.Equal(expected.Confusion, seen.Confusion);
        Write("strange.tsv", "label\ttext", ["sound\tgame"]);
        var record = await silo.RunAsync(specification with { Data = specification.Data with { Test = [_texts.Source("strange.tsv")] } });
        Assert.Equal((JobStatus.Failed, "none of 1 rows has a label that occurs in the training rows"), (record.Status, record.Failure!.Cause));
    }

    private static JobSpecification With(JobSpecification specification, SourceSpecification train) => specification with { Data = specification.Data with { Train = [train] } };

    private void Write(string file, string header, IEnumerable<string> rows) => File.WriteAllLines(_texts.Source(file).Path!, rows.Prepend(header));
}
