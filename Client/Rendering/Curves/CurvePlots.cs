using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Client.Rendering.Plots;

namespace ExplicitCluster.Client.Rendering.Curves;

/// <summary>A learning curve as PNG: cross-entropy and accuracy over the rows used, and the line that the verdict draws on.</summary>
public static class CurvePlots
{
    public static byte[] Of(CurveReport report)
    {
        var verdict = CurveVerdict.Of(report);
        var title = verdict is null ? report.Name : $"{report.Name}: {verdict.Sentence[..verdict.Sentence.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()}";
        return PlotSheet.ToPng(
            title,
            [
                PlotOf("cross-entropy (nats a test row)", point => point.CrossEntropy, verdict?.CrossEntropy),
                PlotOf("accuracy (share of test rows)", point => point.Accuracy, verdict?.Accuracy),
            ],
            across: 2);

        LinePlot PlotOf(string what, Func<CurvePoint, double> valueOf, double? next)
        {
            var last = report.Points[^1];
            PlotSeries[] line = [new PlotSeries("measured", [.. report.Points.Select(point => ((double)point.Rows, valueOf(point)))])];
            return new LinePlot(
                what[..what.IndexOf(" (", StringComparison.Ordinal)] + " and data used",
                new PlotAxis("training rows") { IsLogarithmic = true },
                new PlotAxis(what),
                next is not { } value ? line : [.. line, new PlotSeries("drawn on to twice the data", [(last.Rows, valueOf(last)), (verdict!.Rows, value)]) { IsDashed = true }]);
        }
    }
}
