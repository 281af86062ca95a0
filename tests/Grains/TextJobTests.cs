using System.Text;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Groups;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Classifiers of texts as jobs, on real silos in this process.</summary>
public sealed class TextJobTests : IDisposable
{
    private readonly SmallTexts _texts = new();

    public void Dispose() => _texts.Dispose();

    [Fact]
    public async Task Shards_and_silos_change_no_bit_of_words_or_of_groups()
    {
        await using var first = await TestSilo.StartAsync(_texts.Store);
        var words = await first.SolveAsync(_texts.Specification(SmallTexts.WordsAlone, 1000));
        var groups = await first.SolveAsync(_texts.Specification(SmallTexts.FourGroups, 1000));
        Assert.True(words.ChosenOnHeldOut);
        Assert.Equal(SolveSpecification.AutoK.Length * SolveSpecification.AutoAlpha.Length, words.Choice.Length);
        Assert.InRange(words.Test!.Accuracy, 0.5, 1);
        Assert.InRange(groups.Test!.Accuracy, 0.5, 1);
        Assert.Equal(SmallTexts.TestRows, groups.Test.Rows);

        await using var second = await TestSilo.JoinAsync(first, _texts.Store);
        await using var third = await TestSilo.JoinAsync(first, _texts.Store);
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        foreach (var (text, expected) in new[] { (SmallTexts.WordsAlone, words), (SmallTexts.FourGroups, groups) })
        {
            var result = await second.SolveAsync(_texts.Specification(text, 37));
            Assert.Equal((3, 9, 0), (result.Silos, result.Shards, result.ReusedShards));
            Assert.Equal(expected.StatisticsSha256, result.StatisticsSha256);
            Assert.Equal(expected.WeightsSha256, result.WeightsSha256);
            Assert.Equal(expected.Test!.CrossEntropy, result.Test!.CrossEntropy);
            var report = await third.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_texts.Source("test.tsv")]);
            Assert.Equal(result.Test.Confusion, report.Confusion);
        }
    }

    [Fact]
    public async Task A_job_gives_the_layers_and_weights_of_the_kernels_in_one_thread()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(SmallTexts.FourGroups, 50);
        var result = await silo.SolveAsync(specification);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);

        var rows = File.ReadLines(specification.Data.Train[0].Path!).Skip(1).Select(line => line.Split('\t')).ToList();
        var encoder = await TextFeatures.EncoderAsync(silo.Store, SmallTexts.FourGroups, model.Vocabulary!, TestContext.Current.CancellationToken);
        foreach (var row in rows)
            encoder.Add(Encoding.UTF8.GetBytes(row[1]));
        int[] labels = [.. rows.Select(row => model.Description.Labels.IndexOf(row[0]))];
        var settings = SmallTexts.FourGroups.Temperatures!;
        var solution = new GroupedSolution(
            [encoder.Take()], [labels], TextFeatures.ScaleOf(SmallTexts.FourGroups), new FeatureSlots(model.Vocabulary!.Layout, model.Vocabulary.Rows()), model.Classes);
        solution.Train(new GroupedSettings(settings.Alpha, settings.PassAlpha, settings.Passes));
        Assert.Equal(solution.Temperatures.SelectMany(e => e), model.Description.Temperatures!.Layers.SelectMany(layer => layer));
        Assert.Equal(solution.Weights(), model.Weights);
        Assert.Equal(solution.Bias(), model.Bias);
    }

    [Fact]
    public async Task Removed_rows_are_as_if_they_had_never_been_there()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        _texts.Write("less.tsv", 1, SmallTexts.TrainRows, row => row is < 10 or > 29);
        var specification = _texts.Specification(SmallTexts.WordsAlone, 37);
        var without = await silo.SolveAsync(specification with { Data = specification.Data with { Train = [_texts.Source("less.tsv")] } });
        var removed = await silo.SolveAsync(specification with { Data = specification.Data with { Train = [_texts.Source("train.tsv") with { Removed = [new RemovedRows(10, 29)] }] } });
        Assert.Equal(without.StatisticsSha256, removed.StatisticsSha256);
        Assert.Equal(without.WeightsSha256, removed.WeightsSha256);
    }

    [Fact]
    public async Task A_second_job_starts_from_the_statistics_in_the_store_and_counts_what_is_damaged_again()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(SmallTexts.WordsAlone, 100);
        var first = await silo.SolveAsync(specification);
        Assert.Equal(3, (await silo.SolveAsync(specification)).ReusedShards);
        await foreach (var name in silo.Store.ListAsync("vocabularies/", TestContext.Current.CancellationToken))
        {
            if (name.Contains("/merged-", StringComparison.Ordinal))
                await silo.Store.WriteAsync(name, (stream, token) => stream.WriteAsync(new byte[100], token).AsTask(), WriteCondition.Always, TestContext.Current.CancellationToken);
        }
        Assert.Equal(first.WeightsSha256, (await silo.SolveAsync(specification)).WeightsSha256);
    }

    [Fact]
    public async Task Numbers_under_features_of_texts_end_the_job_with_a_cause_and_a_remedy()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(SmallTexts.WordsAlone, 100);
        File.WriteAllLines(specification.Data.Train[0].Path!, ["label,x", "a,1", "b,2"]);
        var numbers = specification.Data.Train[0] with { Format = SourceFormat.Csv, TextColumn = null };
        var record = await silo.RunAsync(specification with { Data = specification.Data with { Train = [numbers] } });
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Contains("holds 1 numeric columns, and the features are of texts", record.Failure!.Cause, StringComparison.Ordinal);
        Assert.Contains("name the column of texts", record.Failure.Remedy, StringComparison.Ordinal);
    }
}
