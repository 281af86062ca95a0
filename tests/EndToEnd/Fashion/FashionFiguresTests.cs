using System.Text.Json;

namespace ExplicitCluster.EndToEnd.Tests.Fashion;

/// <summary>The examples reach the figures that an independent implementation in float64 has on the same data.</summary>
public sealed class FashionFiguresTests(TrainedStore store)
{
    private const double AccuracyTolerance = .0005;
    private const double CrossEntropyTolerance = .001;

    [Theory]
    [InlineData("fashion-pixels", 12, .6579, .945242)]
    [InlineData("fashion-complement", 24, .6946, .850245)]
    [InlineData("fashion-bins", 12, .7378, .762556)]
    [InlineData("fashion-2x2", 6, .7886, .591663)]
    [InlineData("fashion-patches", 4, .8057, .533096)]
    public async Task An_example_reaches_the_reference_figures(string example, double k, double accuracy, double crossEntropy)
    {
        var result = await store.TrainAsync(example);
        Assert.Equal(60_000, result.GetProperty("rows").GetInt64());
        Assert.Equal(k, result.GetProperty("k").GetDouble());
        var test = result.GetProperty("test");
        Assert.Equal(10_000, test.GetProperty("rows").GetInt64());
        Assert.InRange(test.GetProperty("accuracy").GetDouble(), accuracy - AccuracyTolerance, accuracy + AccuracyTolerance);
        Assert.InRange(test.GetProperty("crossEntropy").GetDouble(), crossEntropy - CrossEntropyTolerance, crossEntropy + CrossEntropyTolerance);
    }

    [Theory]
    [InlineData("fashion-bins", .746071)]
    [InlineData("fashion-2x2", .575990)]
    [InlineData("fashion-patches", .520464)]
    public async Task K_is_chosen_at_the_leave_one_out_figure_of_the_reference(string example, double leaveOneOut)
    {
        var best = (await store.TrainAsync(example)).GetProperty("choice").EnumerateArray().Min(point => point.GetProperty("crossEntropy").GetDouble());
        Assert.Equal(leaveOneOut, best, 2e-5);
    }

    [Fact]
    public async Task The_document_of_train_has_every_field_of_its_contract()
    {
        var result = await store.TrainAsync("fashion-patches");
        AssertHas(
            result, "job", "model", "modelPath", "rows", "inputs", "outputs", "shards", "silos", "k", "alpha", "train", "test",
            "weightsSha256", "statisticsSha256", "refinement", "seconds");
        AssertHas(result.GetProperty("train"), "rows", "accuracy", "crossEntropy");
        AssertHas(result.GetProperty("test"), "rows", "accuracy", "crossEntropy", "perplexity");
        AssertHas(result.GetProperty("seconds"), "total", "read", "statistics", "reduce", "solve", "refine", "evaluate");
        Assert.Equal(JsonValueKind.Array, result.GetProperty("refinement").ValueKind);
        Assert.Equal(1, result.GetProperty("silos").GetInt32());
        Assert.Equal(8, result.GetProperty("shards").GetInt32());
        Assert.Equal(10, result.GetProperty("outputs").GetInt32());
        Assert.Matches("^[0-9a-f]{64}$", result.GetProperty("weightsSha256").GetString());
        Assert.Matches("^[0-9a-f]{64}$", result.GetProperty("statisticsSha256").GetString());
        Assert.Matches("^fashion-patches/[0-9a-f]{12}$", result.GetProperty("model").GetString());
        Assert.Equal($"models/{result.GetProperty("model").GetString()}", result.GetProperty("modelPath").GetString());
    }

    private static void AssertHas(JsonElement element, params string[] fields) =>
        Assert.Empty(fields.Except(element.EnumerateObject().Select(field => field.Name)));
}
