using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>An evaluation of a published model.</summary>
internal static class EvaluationView
{
    public static void Show(ModelDescription model, EvaluationReport report, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.AddRow("model", Markup.Escape($"{model.Name}/{model.Version}"));
        table.AddRow("rows", $"{report.Rows:N0}");
        if (report.UnknownRows > 0)
            table.AddRow("left out", $"{report.UnknownRows:N0} rows with labels that no training row has");
        table.AddRow("accuracy", $"{report.Accuracy:0.0000}");
        table.AddRow("cross-entropy", $"{report.CrossEntropy:0.0000} nats a row");
        table.AddRow("calibration error", $"{report.CalibrationError:0.0000}");
        console.Write(table);
        ConfusionView.Show(model.Labels, report, "the rows given", console);
    }

    public static string JsonOf(ModelDescription model, EvaluationReport report) => JsonText.Of(new
    {
        Model = $"{model.Name}/{model.Version}",
        report.Rows,
        report.UnknownRows,
        report.Accuracy,
        report.CrossEntropy,
        report.CalibrationError,
        model.Labels,
        report.Confusion,
        report.Calibration,
    });
}
