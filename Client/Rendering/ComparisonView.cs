using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Two models side by side.</summary>
internal static class ComparisonView
{
    public static void Show(ModelComparison comparison, IAnsiConsole console)
    {
        var (left, right) = (comparison.Left, comparison.Right);
        var table = new Table().RoundedBorder().AddColumns("", Markup.Escape($"{left.Name}/{left.Version}"), Markup.Escape($"{right.Name}/{right.Version}"));
        table.AddRow("features", ModelView.FeaturesOf(left), ModelView.FeaturesOf(right));
        table.AddRow("rows", $"{left.Lineage.Rows:N0}", $"{right.Lineage.Rows:N0}");
        table.AddRow("inputs", $"{left.Inputs:N0}", $"{right.Inputs:N0}");
        table.AddRow("classes", $"{left.Labels.Length}", $"{right.Labels.Length}");
        table.AddRow("K", $"{left.K}", $"{right.K}");
        table.AddRow("alpha, beta", $"{left.Alpha}, {left.Beta}", $"{right.Alpha}, {right.Beta}");
        table.AddRow("test accuracy", $"{comparison.LeftResult?.Test?.Accuracy:0.0000}", $"{comparison.RightResult?.Test?.Accuracy:0.0000}");
        table.AddRow("test cross-entropy", $"{comparison.LeftResult?.Test?.CrossEntropy:0.0000}", $"{comparison.RightResult?.Test?.CrossEntropy:0.0000}");
        table.AddRow("test calibration error", $"{comparison.LeftResult?.Test?.CalibrationError:0.0000}", $"{comparison.RightResult?.Test?.CalibrationError:0.0000}");
        table.AddRow("statistics", left.StatisticsSha256[..12], left.StatisticsSha256 == right.StatisticsSha256 ? "the same" : right.StatisticsSha256[..12]);
        table.AddRow("weights", left.WeightsSha256[..12], left.WeightsSha256 == right.WeightsSha256 ? "the same" : right.WeightsSha256[..12]);
        console.Write(table);
        if (comparison.Classes.Count == 0)
        {
            console.MarkupLine("[dim]the models have different inputs or labels: their weights cannot be compared[/]");
            return;
        }
        var classes = new Table().RoundedBorder().AddColumns("class", "distance (rms, nats)", "cosine");
        foreach (var (label, distance, cosine) in comparison.Classes)
            classes.AddRow(Markup.Escape(label), $"{distance:0.0000}", $"{cosine:0.0000}");
        console.Write(classes);
    }

    public static string JsonOf(ModelComparison comparison) => JsonText.Of(new
    {
        Models = new[] { (comparison.Left, comparison.LeftResult), (comparison.Right, comparison.RightResult) }.Select(side => new
        {
            Model = $"{side.Item1.Name}/{side.Item1.Version}",
            Features = ModelView.FeaturesOf(side.Item1),
            side.Item1.Lineage.Rows,
            side.Item1.Inputs,
            side.Item1.K,
            side.Item1.Alpha,
            side.Item1.Beta,
            side.Item1.StatisticsSha256,
            side.Item1.WeightsSha256,
            TestAccuracy = side.Item2?.Test?.Accuracy,
            TestCrossEntropy = side.Item2?.Test?.CrossEntropy,
            TestCalibrationError = side.Item2?.Test?.CalibrationError,
        }),
        Classes = comparison.Classes.Select(row => new { row.Label, row.Distance, row.Cosine }),
    });
}
