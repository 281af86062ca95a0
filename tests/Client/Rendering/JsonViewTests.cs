using System.Text.Json;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Tests.Rendering;

public sealed class JsonViewTests
{
    private static readonly string[] Contract =
    [
        "job", "model", "modelPath", "rows", "inputs", "outputs", "shards", "silos", "k", "alpha", "train", "test",
        "weightsSha256", "statisticsSha256", "refinement", "seconds",
    ];

    [Fact]
    public void A_result_has_the_contract_s_names_and_the_added_ones()
    {
        var json = JsonDocument.Parse(JsonView.Of(SampleJob.Done)).RootElement;
        Assert.All([.. Contract, "zeroRows", "reusedShards", "choice", "status"], name => Assert.True(json.TryGetProperty(name, out _), name));
        Assert.Equal(["rows", "accuracy", "crossEntropy", "calibrationError", "unknownRows"], NamesOf(json.GetProperty("train")));
        Assert.Equal(["rows", "accuracy", "crossEntropy", "calibrationError", "unknownRows", "perplexity"], NamesOf(json.GetProperty("test")));
        Assert.Equal(["total", "read", "statistics", "reduce", "solve", "refine", "evaluate"], NamesOf(json.GetProperty("seconds")));
        Assert.Equal(0, json.GetProperty("refinement").GetArrayLength());
        Assert.Equal(84, json.GetProperty("choice").GetArrayLength());
        Assert.Equal(.8057, json.GetProperty("test").GetProperty("accuracy").GetDouble());
        Assert.Equal(64, json.GetProperty("weightsSha256").GetString()!.Length);
        Assert.Equal("done", json.GetProperty("status").GetString());
    }

    [Fact]
    public void An_averaging_tells_where_it_began_and_how_it_lies_to_the_explicit_solution()
    {
        var distance = new ExplicitDistance(3, null);
        var result = SampleJob.Result with
        {
            RefinementStart = new RefinementStart { Start = AveragingStart.Zero, TrainCrossEntropy = 2.3, ToExplicit = distance, GradientNorm = .2 },
            Refinement = [new RefinementRound(1, .5, null, null, 2, null) { ToExplicit = distance with { Cosine = .7 }, StepSeconds = 1 }],
        };
        var json = JsonDocument.Parse(JsonView.Of(SampleJob.Done with { Result = result })).RootElement;
        var start = json.GetProperty("refinementStart");
        Assert.Equal(("zero", 2.3, 3, .2), (start.GetProperty("start").GetString(), start.GetProperty("trainCrossEntropy").GetDouble(), start.GetProperty("distanceToExplicit").GetDouble(), start.GetProperty("gradientNorm").GetDouble()));
        Assert.Equal(JsonValueKind.Null, start.GetProperty("cosineToExplicit").ValueKind);
        var round = json.GetProperty("refinement")[0];
        Assert.Equal((3, .7, 1), (round.GetProperty("distanceToExplicit").GetDouble(), round.GetProperty("cosineToExplicit").GetDouble(), round.GetProperty("stepSeconds").GetDouble()));
        Assert.False(JsonDocument.Parse(JsonView.Of(SampleJob.Done)).RootElement.TryGetProperty("refinementStart", out _));
    }

    [Fact]
    public void Numbers_that_json_does_not_have_are_null()
    {
        var record = SampleJob.Done with
        {
            Result = SampleJob.Result with { Train = null, Test = SampleJob.Report(0, double.NaN) with { CrossEntropy = double.PositiveInfinity } },
        };
        var json = JsonDocument.Parse(JsonView.Of(record)).RootElement;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("train").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("test").GetProperty("accuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("test").GetProperty("crossEntropy").ValueKind);
    }

    [Fact]
    public void A_failed_job_says_why_in_place_of_a_result()
    {
        var json = JsonDocument.Parse(JsonView.Of(SampleJob.Failed)).RootElement;
        Assert.Equal(["job", "status", "stage", "failure"], NamesOf(json));
        Assert.Equal("correct the line", json.GetProperty("failure").GetProperty("remedy").GetString());
    }

    private static string[] NamesOf(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name)];
}
