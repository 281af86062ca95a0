using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Tests.Rendering;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Tests.Reports;

[Collection(nameof(SmallModels))]
public sealed class WeightMovementTests(SmallModels models)
{
    [Fact]
    public async Task An_averaging_began_at_the_explicit_solution_of_the_same_settings()
    {
        var refined = await InsightAsync(await models.ModelOf("averaged"));
        var movement = refined.With(refined.Unrefined()!).MovementFrom(await models.ModelOf("explicit-pixels"), 4)!;
        Assert.All(movement.Classes, row => Assert.InRange(row.Distance, 0, 1e-4 * row.FromNorm));
        Assert.All(refined.MovementFrom(refined.Unrefined()!, 4)!.Classes, row => Assert.True(row.Distance > .1 * row.FromNorm, $"{row}"));
        Assert.Null((await InsightAsync(await models.ModelOf("explicit-pixels"))).Unrefined());
    }

    [Fact]
    public async Task Distances_and_cosines_are_those_of_the_weights_one_by_one()
    {
        var (from, to) = (await models.ModelOf("explicit-pixels"), await models.ModelOf("averaged"));
        var movement = (await MovementAsync(from, to))!;
        Assert.Equal(64, movement.Inputs);
        for (var c = 0; c < 3; c++)
        {
            var pairs = Enumerable.Range(0, 64).Select(input => (From: Centred(from, input, c), To: Centred(to, input, c))).ToArray();
            var row = movement.Classes[c];
            Assert.Equal(Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.From - pair.To, 2))), row.Distance, 1e-9 * row.Distance);
            Assert.Equal(pairs.Sum(pair => pair.From * pair.To) / Norm(pairs.Select(pair => pair.From)) / Norm(pairs.Select(pair => pair.To)), row.Cosine, 1e-9);
            Assert.Equal(row.Distance / Norm(pairs.Select(pair => pair.From)), row.Relative, 1e-9 * row.Relative);
            Assert.Equal(row.MostMoved.OrderByDescending(input => Math.Abs(input.Effect)), row.MostMoved);
            Assert.All(row.MostMoved, input => Assert.Equal((Centred(from, input.Input, c), Centred(to, input.Input, c)), (input.From, input.To)));
            Assert.All(row.MostMoved, input => Assert.Null(input.Rows));
        }
    }

    [Fact]
    public async Task Merged_codes_are_compared_with_codes_as_they_are_over_the_map_that_both_have()
    {
        var (from, to) = (await models.ModelOf("explicit-patches"), await models.ModelOf("swept"));
        var movement = (await MovementAsync(from, to))!;
        Assert.Equal([0], movement.Maps);
        Assert.InRange(movement.Inputs, 100, to.Encoder.Layout.Maps[0].Inputs);
        foreach (var row in movement.Classes)
        {
            Assert.Equal(4, row.MostMoved.Length);
            Assert.All(row.MostMoved, input => Assert.InRange(input.Rows!.Value, 1, 240));
            Assert.All(row.MostMoved, input => Assert.Equal(input.Rows!.Value / 240.0, input.Share, 1e-12));
        }
    }

    [Fact]
    public async Task A_comparison_names_the_inputs_that_moved_most_and_says_why_others_are_not_compared()
    {
        var (from, to) = (await models.ModelOf("explicit-patches"), await models.ModelOf("swept"));
        var movement = await MovementAsync(from, to);
        var console = new RecordedConsole();
        console.Console.Profile.Width = 160;
        ComparisonView.Show(new ModelComparison(from, null, to, null, movement, null), console.Console);
        var first = movement!.Classes[0].MostMoved[0];
        Assert.Contains(console.Lines, line => line.Contains($"0-patches: {InputNames.Of(to, first.Input)}", StringComparison.Ordinal) && line.Contains($"{first.Effect:+0.0000;-0.0000}", StringComparison.Ordinal));
        Assert.Contains(console.Lines, line => line.Contains("codes below 3 rows merged", StringComparison.Ordinal));

        Assert.Null(await MovementAsync(await models.ModelOf("explicit-pixels"), to));
        var none = new RecordedConsole();
        ComparisonView.Show(new ModelComparison(from, null, to, null, null, "nothing in common"), none.Console);
        Assert.Contains("the weights are not compared: nothing in common", none.Lines);
        Assert.Contains("\"effect\"", ComparisonView.JsonOf(new ModelComparison(from, null, to, null, movement, null)), StringComparison.Ordinal);
    }

    private Task<ModelInsight> InsightAsync(TrainedModel model) => ModelInsight.LoadAsync(models.Store, model, CancellationToken.None);

    private async Task<WeightMovement?> MovementAsync(TrainedModel from, TrainedModel to) => (await InsightAsync(to)).MovementFrom(from, 4);

    private static double Centred(TrainedModel model, int input, int c)
    {
        var weights = model.WeightsOf(input).ToArray();
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        return weights[c] - sum / weights.Length;
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
