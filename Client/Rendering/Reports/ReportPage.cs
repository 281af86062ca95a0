using System.Globalization;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering.Html;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>The report of a model as a page.</summary>
public static class ReportPage
{
    private const int MostShards = 100;
    private const int MostInMatrix = 40;
    private const int MostMistakes = 15;

    public static string Of(ModelReport report)
    {
        var page = new HtmlPage(report.Name);
        page.Text(SummaryOf(report));
        AddResult(page, report);
        AddRefinement(page, report);
        AddChoice(page, report.Model.Lineage);
        WeightSection.Add(page, report);
        AddSettings(page, report);
        AddLineage(page, report);
        return page.ToString();
    }

    private static string SummaryOf(ModelReport report)
    {
        var model = report.Model;
        var how = model.Lineage.Refinement is { } refinement
            ? $"refined by {refinement.Method.ToString().ToLowerInvariant()} in {Counted(report.Rounds.Length, RefinementPlots.WordOf(refinement.Method))}{(refinement.Ended is { } end ? $" ({end})" : "")}"
            : "the explicit solution";
        return $"A softmax layer on {Figures.Count(model.Inputs)} inputs for {model.Labels.Length} classes, from {Figures.Count(model.Lineage.Rows)} training rows; {how}. "
            + $"Made {model.Created.ToString("u", CultureInfo.InvariantCulture)} by job {model.Lineage.Job}.";
    }

    private static void AddResult(HtmlPage page, ModelReport report)
    {
        page.Section("Result");
        var parts = report.Evaluations;
        if (parts.Count == 0)
        {
            page.Text(report.Job is null ? "The record of the job is no longer in the store, and with it the evaluation." : "The job evaluated no rows.");
            return;
        }
        page.Table(new HtmlTable(
            ["evaluated on", "rows", "accuracy", "cross-entropy (nats a row)", "calibration error"],
            [.. parts.Select(part => HtmlTable.Row(
                part.Rows,
                Figures.Count(part.Report.Rows),
                Figures.Measure(part.Report.Accuracy),
                Figures.Measure(part.Report.CrossEntropy),
                Figures.Measure(part.Report.CalibrationError)))]));
        page.Drawings(CalibrationPlot.Of(report)!.ToSvg());
        var (name, last) = parts[^1];
        page.Table(ConfusionOf(report.Model.Labels, last), report.Model.Labels.Length > MostInMatrix
            ? $"The most frequent mistakes on {name}."
            : $"Confusion on {name}: true class down, predicted class across, and the share of the class's rows that were found.");
    }

    private static HtmlTable ConfusionOf(IReadOnlyList<string> labels, EvaluationReport report)
    {
        var classes = labels.Count;
        if (classes > MostInMatrix)
        {
            return new HtmlTable(["true", "taken for", "rows"], [.. report.Confusion
                .Select((count, cell) => (Count: count, Truth: cell / classes, Predicted: cell % classes))
                .Where(cell => cell.Count > 0 && cell.Truth != cell.Predicted)
                .OrderByDescending(cell => cell.Count)
                .Take(MostMistakes)
                .Select(cell => HtmlTable.Row(labels[cell.Truth], labels[cell.Predicted], Figures.Count(cell.Count)))]).WithText(1);
        }
        var rows = new List<IReadOnlyList<HtmlCell>>();
        for (var truth = 0; truth < classes; truth++)
        {
            var counts = report.Confusion.AsSpan(truth * classes, classes).ToArray();
            var all = counts.Sum();
            // The square root lets rare mistakes be seen beside the diagonal.
            rows.Add([labels[truth],
                .. counts.Select(count => new HtmlCell(count == 0 ? "" : Figures.Count(count), all == 0 ? 0 : Math.Sqrt((double)count / all))),
                all == 0 ? "" : $"{(double)counts[truth] / all:0.000}"]);
        }
        return new HtmlTable(["", .. labels, "found"], rows);
    }

    private static void AddRefinement(HtmlPage page, ModelReport report)
    {
        page.Section("Refinement");
        if (report.Model.Lineage.Refinement is not { } refinement)
        {
            page.Text("None: the weights are the explicit solution, a sum over the shards.");
            return;
        }
        var word = RefinementPlots.WordOf(refinement.Method);
        if (refinement.Published is { } published)
            page.Text(published == 0 ? "The start is published: no round was better." : $"The weights are those of {word} {published}, the best, and not of the last.");
        page.Drawings(RefinementPlots.Of(report).Select(plot => plot.ToSvg()));
        var isSweep = refinement.Method == RefineMethod.Sweeps;
        var holdsOut = refinement.HeldOutRows > 0;
        var rows = new List<IReadOnlyList<HtmlCell>>();
        if (refinement.Start is { } start)
            rows.Add(["start", Figures.Measure(start.TrainCrossEntropy), .. holdsOut ? [""] : (HtmlCell[])[], MeasureOf(start.TestCrossEntropy), MeasureOf(start.TestAccuracy), ""]);
        foreach (var round in report.Rounds)
        {
            rows.Add([
                $"{round.Round}",
                Figures.Measure(round.TrainCrossEntropy),
                .. holdsOut ? [MeasureOf(round.HeldOutCrossEntropy)] : (HtmlCell[])[],
                MeasureOf(round.TestCrossEntropy),
                MeasureOf(round.TestAccuracy),
                .. isSweep ? [MeasureOf(round.Step)] : (HtmlCell[])[],
                Figures.Seconds(round.Seconds)]);
        }
        page.Table(
            new HtmlTable([word, "cross-entropy, training rows", .. holdsOut ? ["cross-entropy, held-out rows"] : (string[])[], "cross-entropy, test rows", "accuracy, test rows", .. isSweep ? ["step"] : (string[])[], "wall time"], rows),
            "Cross-entropy in nats a row." + (isSweep ? " Of training rows each row's own share is left out, mean over runs." : ""));
    }

    private static string MeasureOf(double? value) => value is { } known ? Figures.Measure(known) : "";

    private static void AddChoice(HtmlPage page, ModelLineage lineage)
    {
        if (lineage.Choice.IsEmpty)
            return;
        page.Section("Choice of K and alpha");
        double[] ks = [.. lineage.Choice.Select(point => point.K).Distinct().Order()];
        double[] alphas = [.. lineage.Choice.Select(point => point.Alpha).Distinct().Order()];
        var best = lineage.Choice.Min(point => point.CrossEntropy);
        var points = lineage.Choice.ToDictionary(point => (point.K, point.Alpha), point => point.CrossEntropy);
        page.Table(
            new HtmlTable(
                ["K", .. alphas.Select(alpha => $"alpha {Figures.Setting(alpha)}")],
                [.. ks.Select(k => HtmlTable.Row([Figures.Setting(k), .. alphas.Select(alpha => points.TryGetValue((k, alpha), out var loss) ? new HtmlCell(Figures.Measure(loss), loss == best ? 1 : 0) : "")]))]),
            $"Cross-entropy of training rows{(lineage.ChosenBy.StartsWith("held-out", StringComparison.Ordinal) ? " that were held out" : ", each left out")}, in nats a row; the least is shaded.");
    }

    private static void AddSettings(HtmlPage page, ModelReport report)
    {
        page.Section("Settings");
        page.Table(HtmlTable.OfFacts(
        [
            ("features", ModelView.FeaturesOf(report.Model)),
            report.Model.Temperatures is { } temperatures
                ? ("temperatures", $"{Counted(temperatures.Layers.Length, "layer")}, alpha {Figures.Setting(report.Model.Alpha)}; left-out cross-entropy {Figures.Measure(temperatures.CrossEntropy)}")
                : ("K, alpha, beta", $"{Figures.Setting(report.Model.K)}, {Figures.Setting(report.Model.Alpha)}, {Figures.Setting(report.Model.Beta)} ({report.Model.Lineage.ChosenBy})"),
            .. report.Model is { Layers.IsEmpty: false, Specification.Refines: true } ? [("refined layers", ModelView.RefinedOf(report.Model.Specification))] : Array.Empty<(string, string)>(),
            .. SettingFacts.Of(report.Model.Specification),
        ]));
        if (report.Result is not { } result)
            return;
        var seconds = result.Seconds;
        page.Table(
            new HtmlTable(
                ["read", "statistics", "reduce", "solve", "refine", "evaluate", "in all"],
                [[.. new[] { seconds.Read, seconds.Statistics, seconds.Reduce, seconds.Solve, seconds.Refine, seconds.Evaluate, seconds.Total }.Select(value => new HtmlCell(Figures.Seconds(value)))]]),
            $"Wall time of the job, on {Counted(result.Silos, "silo")}; {result.ReusedShards} of {Counted(result.Shards, "shard")} had been counted before.");
    }

    private static void AddLineage(HtmlPage page, ModelReport report)
    {
        var (model, lineage) = (report.Model, report.Model.Lineage);
        page.Section("Lineage");
        page.Table(HtmlTable.OfFacts(
            ("job", lineage.Job),
            ("version", model.Version),
            ("weights SHA-256", model.WeightsSha256),
            ("weights file SHA-256", model.WeightsFileSha256),
            ("statistics SHA-256", model.StatisticsSha256),
            ("statistics", lineage.Statistics.Name),
            ("rows", $"{Figures.Count(lineage.Rows)}, of them {Figures.Count(lineage.ZeroRows)} of zero norm")));
        page.Table(new HtmlTable(
            ["source", "rows", "removed", "files", "content"],
            [.. lineage.Sources.Select((source, i) => HtmlTable.Row($"{i}", Figures.Count(source.Rows), Figures.Count(ManifestChange.CountOf(source.Removed)), string.Join(" + ", source.Files), source.Id))]).WithText(3, 4));
        page.Table(
            new HtmlTable(
                ["shard", "source", "first row", "last row", "rows", "hash"],
                [.. lineage.Shards.Take(MostShards).Select((shard, i) => HtmlTable.Row($"{i}", $"{shard.Source}", Figures.Count(shard.FirstRow), Figures.Count(shard.LastRow), Figures.Count(shard.Rows), shard.Hash))]).WithText(5),
            lineage.Shards.Length > MostShards ? $"The first {MostShards} of {Figures.Count(lineage.Shards.Length)} shards; model.json has all." : null);
    }

    private static string Counted(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";
}
