using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Rendering;

/// <summary>
/// A job's record for machines, one document. Names that are there stay; more may be added. A job without a result has job, status, stage
/// and, where it failed, failure. Numbers that JSON does not have (infinite, not a number) are null.
/// </summary>
public static class JsonView
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(JobRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("job", record.Id);
            json.WriteString("status", Words.Of(record.Status));
            json.WriteString("stage", Words.Of(record.Stage));
            if (record.Specification.Slice is { } slice)
                WriteSlice(json, slice, record.Specification.Data.Train.Length);
            if (record.Failure is { } failure)
                WriteFailure(json, failure);
            if (record.Result is { } result)
                WriteResult(json, result);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteSlice(Utf8JsonWriter json, SliceSpecification slice, int sources)
    {
        json.WriteStartObject("slice");
        WriteTexts(json, "conditions", slice.Conditions);
        WriteTexts(json, "window", slice.Window);
        json.WriteNumber("sources", sources);
        json.WriteNumber("ofSources", slice.OfSources);
        json.WriteString("ofModel", slice.OfModel);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteFailure(Utf8JsonWriter json, JobFailure failure)
    {
        json.WriteStartObject("failure");
        json.WriteString("stage", Words.Of(failure.Stage));
        json.WriteString("cause", failure.Cause);
        json.WriteString("remedy", failure.Remedy);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, JobResult result)
    {
        if (result.Report is not null)
            json.WriteString("report", result.Report);
        json.WriteString("model", result.Model);
        json.WriteString("modelPath", result.ModelPath);
        json.WriteNumber("rows", result.Rows);
        json.WriteNumber("zeroRows", result.ZeroRows);
        json.WriteNumber("inputs", result.Inputs);
        json.WriteNumber("outputs", result.Outputs);
        json.WriteNumber("shards", result.Shards);
        json.WriteNumber("reusedShards", result.ReusedShards);
        json.WriteNumber("silos", result.Silos);
        WriteNumber(json, "k", result.K);
        WriteNumber(json, "alpha", result.Alpha);
        if (result.Language is { } language)
        {
            json.WriteNumber("vocabulary", language.Vocabulary);
            json.WriteNumber("tokens", language.Tokens);
            json.WriteNumber("cells", language.Cells);
            WriteNumber(json, "heldOutPerplexity", language.HeldOutPerplexity ?? double.NaN);
            WriteReport(json, "train", language.Train);
            WriteReport(json, "test", language.Test);
        }
        else
        {
            WriteReport(json, "train", result.Train, isTest: false);
            WriteReport(json, "test", result.Test, isTest: true);
        }
        json.WriteString("weightsSha256", result.WeightsSha256);
        json.WriteString("statisticsSha256", result.StatisticsSha256);
        WriteLayers(json, result.Layers);
        WriteGroups(json, result.Groups);
        WriteStart(json, result.RefinementStart);
        WriteRefinement(json, result.Refinement);
        WriteChoice(json, result.Choice);
        WriteSeconds(json, result.Seconds);
    }

    private static void WriteGroups(Utf8JsonWriter json, IReadOnlyCollection<GroupResult> groups)
    {
        if (groups.Count == 0)
            return;
        json.WriteStartArray("groups");
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString("map", group.Map);
            json.WriteNumber("inputs", group.Inputs);
            WriteNumber(json, "k", group.K);
            json.WriteString("statisticsSha256", group.StatisticsSha256);
            json.WriteNumber("reusedShards", group.ReusedShards);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteLayers(Utf8JsonWriter json, IReadOnlyCollection<LayerResult> layers)
    {
        if (layers.Count == 0)
            return;
        json.WriteStartArray("layers");
        foreach (var layer in layers)
        {
            json.WriteStartObject();
            json.WriteNumber("number", layer.Number);
            json.WriteNumber("inputs", layer.Inputs);
            json.WriteNumber("reusedShards", layer.ReusedShards);
            WriteNumber(json, "k", layer.K);
            WriteNumber(json, "alpha", layer.Alpha);
            json.WriteString("statisticsSha256", layer.StatisticsSha256);
            WriteTargets(json, layer);
            WriteChoice(json, layer.Choice);
            if (layer.Refined is { } refined)
            {
                json.WriteString("refinedBy", Words.Of(refined.Method));
                json.WriteString("movesSha256", refined.Sha256);
                WriteRefinement(json, refined.Rounds);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteTargets(Utf8JsonWriter json, LayerResult layer)
    {
        if (layer.Targets is not { } targets)
            return;
        json.WriteStartObject("targets");
        json.WriteNumber(targets.Code > 0 ? "code" : "subclasses", targets.Code > 0 ? targets.Code : targets.Subclasses);
        json.WriteNumber("seed", targets.Seed);
        if (!layer.Passes.IsDefaultOrEmpty)
        {
            json.WriteStartArray("passes");
            foreach (var sha256 in layer.Passes)
                json.WriteStringValue(sha256);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, IEnumerable<GridPoint> choice)
    {
        json.WriteStartArray("choice");
        foreach (var point in choice)
        {
            json.WriteStartObject();
            WriteNumber(json, "k", point.K);
            WriteNumber(json, "alpha", point.Alpha);
            WriteNumber(json, "crossEntropy", point.CrossEntropy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRefinement(Utf8JsonWriter json, IEnumerable<RefinementRound> rounds)
    {
        json.WriteStartArray("refinement");
        foreach (var round in rounds)
        {
            json.WriteStartObject();
            json.WriteNumber("round", round.Round);
            WriteNumber(json, "trainCrossEntropy", round.TrainCrossEntropy);
            WriteNumber(json, "heldOutCrossEntropy", round.HeldOutCrossEntropy ?? double.NaN);
            WriteNumber(json, "testCrossEntropy", round.TestCrossEntropy ?? double.NaN);
            WriteNumber(json, "testAccuracy", round.TestAccuracy ?? double.NaN);
            WriteNumber(json, "seconds", round.Seconds);
            WriteNumber(json, "step", round.Step ?? double.NaN);
            WriteNumber(json, "distanceToExplicit", round.ToExplicit?.Distance ?? double.NaN);
            WriteNumber(json, "cosineToExplicit", round.ToExplicit?.Cosine ?? double.NaN);
            WriteNumber(json, "stepSeconds", round.StepSeconds ?? double.NaN);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStart(Utf8JsonWriter json, RefinementStart? start)
    {
        if (start is null)
            return;
        json.WriteStartObject("refinementStart");
        json.WriteString("start", Words.Of(start.Start));
        WriteNumber(json, "trainCrossEntropy", start.TrainCrossEntropy);
        WriteNumber(json, "testCrossEntropy", start.TestCrossEntropy ?? double.NaN);
        WriteNumber(json, "testAccuracy", start.TestAccuracy ?? double.NaN);
        WriteNumber(json, "distanceToExplicit", start.ToExplicit?.Distance ?? double.NaN);
        WriteNumber(json, "cosineToExplicit", start.ToExplicit?.Cosine ?? double.NaN);
        WriteNumber(json, "gradientNorm", start.GradientNorm ?? double.NaN);
        json.WriteEndObject();
    }

    private static void WriteReport(Utf8JsonWriter json, string name, EvaluationReport? report, bool isTest)
    {
        if (report is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("rows", report.Rows);
        WriteNumber(json, "accuracy", report.Accuracy);
        WriteNumber(json, "crossEntropy", report.CrossEntropy);
        WriteNumber(json, "calibrationError", report.CalibrationError);
        json.WriteNumber("unknownRows", report.UnknownRows);
        if (isTest)
            json.WriteNull("perplexity"); // of language models only
        json.WriteEndObject();
    }

    private static void WriteReport(Utf8JsonWriter json, string name, LanguageReport? report)
    {
        if (report is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("rows", report.Documents);
        json.WriteNumber("tokens", report.Tokens);
        json.WriteNumber("unknown", report.Unknown);
        WriteNumber(json, "crossEntropy", report.CrossEntropy);
        WriteNumber(json, "perplexity", report.Perplexity);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, StageSeconds seconds)
    {
        json.WriteStartObject("seconds");
        WriteNumber(json, "total", seconds.Total);
        WriteNumber(json, "read", seconds.Read);
        WriteNumber(json, "statistics", seconds.Statistics);
        WriteNumber(json, "reduce", seconds.Reduce);
        WriteNumber(json, "solve", seconds.Solve);
        WriteNumber(json, "refine", seconds.Refine);
        WriteNumber(json, "evaluate", seconds.Evaluate);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
