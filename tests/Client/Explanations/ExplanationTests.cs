using System.Text.Json;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Pictures;
using ExplicitCluster.Client.Tests.Rendering;
using ExplicitCluster.Client.Tests.Reports;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Models.Explanations;
using SkiaSharp;

namespace ExplicitCluster.Client.Tests.Explanations;

/// <summary>What an explanation says adds up, and its counts are those of the sources.</summary>
[Collection(nameof(SmallModels))]
public sealed class ExplanationTests(SmallModels models)
{
    [Theory]
    [InlineData("explicit-pixels", null)]
    [InlineData("explicit-patches", null)]
    [InlineData("averaged", "the weights were refined by averaging")]
    [InlineData("swept", "the weights were refined by sweeps")]
    [InlineData("mixed", null)]
    public async Task Contributions_and_prior_add_up_to_the_difference_of_the_scores(string name, string? note)
    {
        var model = await models.ModelOf(name);
        for (var number = 0; number < 12; number++)
        {
            var row = await RowAsync(model, number);
            foreach (var against in model.Description.Labels.Where((_, c) => c != BestOf(row)))
            {
                var explanation = await ModelExplainCommand.ExplainAsync(models.Store, row, against, 3, CancellationToken.None);
                var (of, other) = (ScoreOf(row, explanation.Class), ScoreOf(row, explanation.Against));
                Assert.Equal(of - other, explanation.Prior + explanation.Inputs.Sum(input => input.Contribution), 1e-9);
                Assert.Equal(row.Scores[explanation.Class] - row.Scores[explanation.Against], explanation.Difference, 1e-4);
                Assert.Equal(against, model.Description.Labels[explanation.Against]);
                Assert.Equal(explanation.Inputs.OrderByDescending(input => Math.Abs(input.Contribution)).Select(input => input.Contribution), explanation.Inputs.Select(input => input.Contribution));
            }
        }
        using var json = JsonDocument.Parse(ExplanationView.JsonOf(await ExplainAsync(model, 0), null));
        Assert.Equal(note is not null, json.RootElement.GetProperty("notes").EnumerateArray().Any(text => note is not null && text.GetString()!.StartsWith(note, StringComparison.Ordinal)));
        Assert.Equal((await RowAsync(model, 0)).Active.Count, json.RootElement.GetProperty("inputs").GetArrayLength());
    }

    [Theory]
    [InlineData("explicit-pixels", 240.0 / (1 << 21))]
    [InlineData("explicit-patches", 0)]
    [InlineData("swept", 0)]
    [InlineData("mixed", 240.0 / (1 << 21))]
    public async Task Counts_are_those_of_a_direct_count_of_the_sources(string name, double rounding)
    {
        var model = await models.ModelOf(name);
        var explanation = await ExplainAsync(model, 5);
        var lineage = model.Description.Lineage;
        var counts = new Dictionary<(int Input, string Label), double>();
        var shardCounts = new Dictionary<(int Input, string Label, int Shard), double>();
        var classRows = new Dictionary<string, double>();
        for (var m = 0; m < lineage.Rows; m++)
        {
            var row = await ModelRow.OfSourcesAsync(model, models.Store, Reader, model.Description.Specification.Data.Train, m, CancellationToken.None);
            var shard = lineage.Shards.ToList().FindIndex(part => part.FirstRow <= m && m <= part.LastRow);
            classRows[row.Label!] = classRows.GetValueOrDefault(row.Label!) + 1;
            foreach (var (input, value) in row.Active)
            {
                counts[(input, row.Label!)] = counts.GetValueOrDefault((input, row.Label!)) + value;
                shardCounts[(input, row.Label!, shard)] = shardCounts.GetValueOrDefault((input, row.Label!, shard)) + value;
            }
        }
        var (label, against) = (model.Description.Labels[explanation.Class], model.Description.Labels[explanation.Against]);
        foreach (var input in explanation.Inputs)
        {
            Assert.Equal(counts.GetValueOrDefault((input.Input, label)), input.Evidence!.Count, rounding);
            Assert.Equal(counts.GetValueOrDefault((input.Input, against)), input.Evidence.AgainstCount, rounding);
            var all = model.Description.Labels.Sum(c => counts.GetValueOrDefault((input.Input, c)));
            Assert.Equal(all * classRows[label] / lineage.Rows, input.Evidence.Expected, 1e-3);
            Assert.Equal(all * classRows[against] / lineage.Rows, input.Evidence.AgainstExpected, 1e-3);
        }
        foreach (var input in explanation.Inputs.Take(4).Where(input => input.Evidence!.Count + input.Evidence.AgainstCount > 0))
        {
            Assert.Equal(input.Evidence!.Count, input.Shards.Sum(shard => shard.Count), 1e-9);
            Assert.All(input.Shards, shard => Assert.Equal(shardCounts.GetValueOrDefault((input.Input, label, shard.Shard)), shard.Count, rounding));
            Assert.All(input.Shards, shard => Assert.Equal(shardCounts.GetValueOrDefault((input.Input, against, shard.Shard)), shard.AgainstCount, rounding));
            var ranked = input.Shards.Select(shard => input.Contribution >= 0 ? shard.Count : shard.AgainstCount).ToList();
            Assert.Equal(ranked.OrderDescending(), ranked);
        }
        Assert.Contains(explanation.Inputs.Take(4), input => input.Shards.Length > 1);
        Assert.All(explanation.Inputs.Skip(4), input => Assert.Empty(input.Shards));
    }

    [Fact]
    public async Task The_table_ends_in_others_prior_and_difference_and_names_shards()
    {
        var console = new RecordedConsole(width: 200);
        var explanation = await ExplainAsync(await models.ModelOf("explicit-patches"), 5);
        ExplanationView.Show(explanation, 4, "picture.png", console.Console);
        Assert.Contains(console.Lines, line => line.Contains($"others: {explanation.Inputs.Length - 4} inputs", StringComparison.Ordinal));
        Assert.Contains(console.Lines, line => line.Contains("difference of the scores", StringComparison.Ordinal) && line.Contains($"{explanation.Difference:+0.0000;-0.0000}", StringComparison.Ordinal));
        Assert.Contains(console.Lines, line => line.StartsWith("shard 0: train-images rows 0 to 99", StringComparison.Ordinal));
        Assert.Equal("picture.png", console.Lines[^1]);
    }

    [Theory]
    [InlineData("explicit-pixels")]
    [InlineData("explicit-patches")]
    [InlineData("swept")]
    [InlineData("mixed")]
    public async Task Heat_of_an_image_holds_every_contribution_and_is_drawn_beside_it(string name)
    {
        var explanation = await ExplainAsync(await models.ModelOf(name), 5);
        var heat = InputPlaces.HeatOf(explanation);
        Assert.Equal(64, heat.Length);
        Assert.Equal(explanation.Difference - explanation.Prior, heat.Sum(), 1e-9);
        using var folder = new TemporaryFolder();
        ExplanationPicture.Save(folder.Of("heat.png"), explanation);
        using var picture = SKBitmap.Decode(folder.Of("heat.png"));
        Assert.True(picture.Width > picture.Height);
        Assert.True(picture.Pixels.Distinct().Count() > 50);
    }

    [Fact]
    public async Task A_row_of_numbers_is_explained_as_the_same_row_of_a_source()
    {
        var model = await models.ModelOf("explicit-pixels");
        var expected = await RowAsync(model, 7);
        Assert.Equal(expected.Scores, ModelRow.OfNumbers(model, ModelExplainCommand.NumbersOf($"[{string.Join(", ", expected.Values)}]\n")).Scores);
        Assert.Equal("the row has 3 numbers, and model explicit-pixels/" + model.Description.Version + " takes 64 (8 x 8 images)", Refused("1 2 3"));
        Assert.Equal("value 1 of the row is 256; expected a whole number from 0 to 255", Refused($"0 256 {string.Join(' ', Enumerable.Repeat(1, 62))}"));
        Assert.Equal("value 2 of the row is 'x', expected a number", Refused("0 1 x"));
        var row = await Assert.ThrowsAsync<JobException>(() => RowAsync(model, 240));
        Assert.Equal("there is no row 240; the data has rows 0 to 239", row.Message);
        var same = await Assert.ThrowsAsync<JobException>(() => ModelExplainCommand.ExplainAsync(models.Store, expected, model.Description.Labels[BestOf(expected)], 3, CancellationToken.None));
        Assert.Contains("is the class that is predicted", same.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<UsageException>(() => ModelExplainCommand.ExplainAsync(models.Store, expected, "9", 3, CancellationToken.None));
        Assert.Equal("the model has no class '9'; the classes are 0, 1 and 2", unknown.Message);

        string Refused(string numbers) => Assert.Throws<JobException>(() => ModelRow.OfNumbers(model, ModelExplainCommand.NumbersOf(numbers))).Message;
    }

    private SourceReader Reader => new(models.Store);

    private Task<ModelRow> RowAsync(TrainedModel model, int number) => ModelRow.OfSourcesAsync(model, models.Store, Reader, model.Description.Specification.Data.Test, number, CancellationToken.None);

    private async Task<Explanation> ExplainAsync(TrainedModel model, int number) => await ModelExplainCommand.ExplainAsync(models.Store, await RowAsync(model, number), null, 4, CancellationToken.None);

    private static int BestOf(ModelRow row) => row.Scores.Index().MaxBy(score => score.Item).Index;

    /// <summary>A class's score by its definition, in float64 of the stored weights.</summary>
    private static double ScoreOf(ModelRow row, int c)
    {
        double score = row.Model.Bias[c];
        foreach (var (input, value) in row.Active)
            score += value * row.Model.WeightsOf(input)[c];
        return score;
    }
}
