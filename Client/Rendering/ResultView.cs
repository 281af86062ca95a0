using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Specifications;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>How a job ended, for people: its result with the grid it chose from and its confusions, or why it failed.</summary>
public static class ResultView
{
    private const int WidthOfAccuracy = 69;

    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Everything that is to be said of a job that has ended.</summary>
    public static void Show(JobRecord record, IAnsiConsole console)
    {
        if (record.Result is not { } result)
        {
            ShowEnd(record, console.Profile.Out.Writer);
            return;
        }
        if (result.Report is not null)
        {
            ShowReport(result, console);
            return;
        }
        ShowResult(result, console, record.Specification is { Layers.IsEmpty: false, Refines: true } specification ? ModelView.RefinedOf(specification) : null);
        if (!result.Choice.IsEmpty)
            ChoiceView.Show(result, console);
        if ((result.Test ?? result.Train) is { } report)
            ConfusionView.Show(result.Labels, report, result.Test is null ? "train" : "test", console);
    }

    /// <summary>Of a job that tried settings: where all of it is, and the best.</summary>
    private static void ShowReport(JobResult result, IAnsiConsole console)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn());
        AddFact(facts, "report", Words.Of(result.Report!, Strong));
        AddFact(facts, "rows", Figures.Count(result.Rows));
        AddFact(facts, "shards", $"{Figures.Count(result.Shards)} ({Figures.Count(result.ReusedShards)} reused)");
        AddFact(facts, "K, alpha", $"{Figures.Setting(result.K)}, {Figures.Setting(result.Alpha)}");
        AddFact(facts, "statistics", Figures.Hash(result.StatisticsSha256));
        AddFact(facts, "seconds", SecondsOf(result.Seconds));
        console.Write(facts);
    }

    /// <summary>Model, sizes, settings, accuracies, hashes and seconds.</summary>
    public static void ShowResult(JobResult result, IAnsiConsole console, string? refinedLayers = null)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn());
        AddFact(facts, "model", Words.Of(result.Model, Strong));
        var zeroRows = result.ZeroRows > 0 ? $", {Figures.Count(result.ZeroRows)} of them all zero and left out" : "";
        AddFact(facts, "rows", Figures.Count(result.Rows) + zeroRows);
        if (result.Language is { } language)
        {
            AddFact(facts, "tokens", $"{Figures.Count(language.Tokens)}, vocabulary {Figures.Count(language.Vocabulary)}");
            AddFact(facts, "cells", Figures.Count(language.Cells));
        }
        else
        {
            AddFact(facts, "inputs, outputs", $"{Figures.Count(result.Inputs)}, {Figures.Count(result.Outputs)}");
        }
        AddFact(facts, "shards", $"{Figures.Count(result.Shards)} ({Figures.Count(result.ReusedShards)} reused)");
        AddFact(facts, "silos", Figures.Count(result.Silos));
        var chosen = result.Choice.IsEmpty ? "" : result.ChosenOnHeldOut ? " (chosen on held-out rows)" : " (chosen by leave-one-out)";
        if (result.Language is null)
            AddFact(facts, result.Groups.IsEmpty ? "K, alpha" : "sum of K, alpha", $"{(result.Groups.IsEmpty ? Figures.Setting(result.K) : Figures.Measure(result.K))}, {Figures.Setting(result.Alpha)}{chosen}");
        else if (result.Language.HeldOutPerplexity is { } perplexity)
            AddFact(facts, "weights fitted", $"held-out perplexity {LanguageView.PerplexityOf(perplexity)}");
        foreach (var (group, i) in result.Groups.Select((group, i) => (group, i)))
            AddFact(facts, $"group {i + 1}", $"{group.Map}, {Figures.Count(group.Inputs)} inputs, K {Figures.Measure(group.K)}, statistics {Figures.Hash(group.StatisticsSha256)}");
        foreach (var layer in result.Layers)
            AddFact(facts, $"layer {layer.Number}", $"{Figures.Count(layer.Inputs)} inputs{Words.Of(layer.Targets)}, K, alpha {Figures.Setting(layer.K)}, {Figures.Setting(layer.Alpha)}{(layer.Choice.IsEmpty ? "" : " (chosen by leave-one-out)")}, statistics {Figures.Hash(layer.StatisticsSha256)}{RefinedOf(layer)}");
        if (refinedLayers is not null)
            AddFact(facts, "refined layers", refinedLayers);
        foreach (var round in result.Refinement)
        {
            var step = round.Step is { } taken ? $", step {Figures.Measure(taken)}" : "";
            var test = round is { TestAccuracy: { } accuracy, TestCrossEntropy: { } loss } ? $", test accuracy {Figures.Measure(accuracy)}, cross-entropy {Figures.Measure(loss)}" : "";
            var heldOut = round.HeldOutCrossEntropy is { } nats ? $", {Figures.Measure(nats)} of held-out rows" : "";
            AddFact(facts, $"round {round.Round}", $"cross-entropy {Figures.Measure(round.TrainCrossEntropy)} of training rows{heldOut}{step}{test}, {Figures.Seconds(round.Seconds)}");
        }
        AddFact(facts, "weights", Figures.Hash(result.WeightsSha256));
        AddFact(facts, "statistics", Figures.Hash(result.StatisticsSha256));
        AddFact(facts, "seconds", SecondsOf(result.Seconds));
        console.Write(facts);
        if (result.Language is null)
            ShowAccuracy(result, console);
        else
            LanguageView.Show(result.Language, console);
    }

    /// <summary>How a job without a result ended: one line of cause and one of remedy, never wrapped.</summary>
    public static void ShowEnd(JobRecord record, TextWriter writer)
    {
        if (record.Failure is { } failure)
        {
            writer.WriteLine(Quoted.Escape($"job {record.Id} failed in stage {Words.Of(failure.Stage)}: {failure.Cause}"));
            writer.WriteLine(Quoted.Escape($"  {failure.Remedy}"));
        }
        else
        {
            writer.WriteLine($"job {record.Id} is {Words.Of(record.Status)}, in stage {Words.Of(record.Stage)}");
        }
        writer.Flush();
    }

    private static void ShowAccuracy(JobResult result, IAnsiConsole console)
    {
        if (result.Test is { UnknownRows: > 0 } test)
            console.WriteLine($"{Figures.Count(test.UnknownRows)} test rows have labels that no training row has, and are left out");
        if (result.Train is null && result.Test is null)
            return;
        if (console.Profile.Width < WidthOfAccuracy)
        {
            ShowAccuracyDown(result, console);
            return;
        }
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("evaluated on")));
        foreach (var name in (string[])["rows", "accuracy", "cross-entropy", "calibration error"])
            table.AddColumn(new TableColumn(new Text(name)).RightAligned());
        AddReport(table, "train", result.Train);
        AddReport(table, "test", result.Test);
        console.Write(table);
    }

    /// <summary>As above with the measures down, for narrow terminals.</summary>
    private static void ShowAccuracyDown(JobResult result, IAnsiConsole console)
    {
        (string Name, EvaluationReport Report)[] reports = [.. new[] { ("train", result.Train), ("test", result.Test) }.Where(part => part.Item2 is not null).Select(part => (part.Item1, part.Item2!))];
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("evaluated on")) { NoWrap = true });
        foreach (var (name, _) in reports)
            table.AddColumn(new TableColumn(new Text(name)) { NoWrap = true }.RightAligned());
        AddMeasure("rows", report => Figures.Count(report.Rows));
        AddMeasure("accuracy", report => Figures.Measure(report.Accuracy));
        AddMeasure("cross-entropy", report => Figures.Measure(report.CrossEntropy));
        AddMeasure("calibration error", report => Figures.Measure(report.CalibrationError));
        console.Write(table);

        void AddMeasure(string name, Func<EvaluationReport, string> valueOf) => table.AddRow([name, .. reports.Select(part => valueOf(part.Report))]);
    }

    private static void AddReport(Table table, string name, EvaluationReport? report)
    {
        if (report is null)
            return;
        table.AddRow(
            new Text(name),
            new Text(Figures.Count(report.Rows)),
            new Text(Figures.Measure(report.Accuracy), Strong),
            new Text(Figures.Measure(report.CrossEntropy)),
            new Text(Figures.Measure(report.CalibrationError)));
    }

    private static string RefinedOf(LayerResult layer) => layer.Refined is not { } refined ? ""
        : $", refined by {Words.Of(refined.Method)} on its own loss{(refined.Rounds.IsEmpty ? "" : $" to a cross-entropy of {Figures.Measure(refined.Rounds[^1].TrainCrossEntropy)} of training rows")}";

    private static void AddFact(Grid facts, string name, string value) => AddFact(facts, name, Words.Of(value));

    private static void AddFact(Grid facts, string name, Text value) => facts.AddRow(new Text(name, Faint), value);

    private static string SecondsOf(StageSeconds seconds)
    {
        (string Name, double Value)[] stages =
        [
            ("read", seconds.Read), ("statistics", seconds.Statistics), ("reduce", seconds.Reduce),
            ("solve", seconds.Solve), ("refine", seconds.Refine), ("evaluate", seconds.Evaluate),
        ];
        var parts = stages.Where(stage => stage.Value > 0).Select(stage => $"{stage.Name} {stage.Value:0.00}");
        return $"{seconds.Total:0.00} in all: {string.Join(", ", parts)}".TrimEnd(':', ' ');
    }
}
