using System.Text;
using ExplicitCluster.Client.Rendering.Plots;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>A report's files: <c>NAME-VERSION.html</c>, and for a refined model <c>NAME-VERSION.png</c> with its course and calibration.</summary>
public static class ReportFiles
{
    /// <summary>Writes both, each whole or not at all; gives their paths, null for a picture that there is nothing for.</summary>
    public static (string Html, string? Png) Write(ModelReport report, string folder)
    {
        var path = Path.Combine(folder, $"{report.Model.Name}-{report.Model.Version}");
        var plots = RefinementPlots.Of(report);
        if (plots.Count > 0)
            WholeFile.Write(path + ".png", SheetOf(report, plots));
        WholeFile.Write(path + ".html", Encoding.UTF8.GetBytes(ReportPage.Of(report)));
        return (path + ".html", plots.Count > 0 ? path + ".png" : null);
    }

    private static byte[] SheetOf(ModelReport report, IReadOnlyList<LinePlot> course)
    {
        LinePlot[] plots = [.. course, .. CalibrationPlot.Of(report) is { } calibration ? [calibration] : (LinePlot[])[]];
        return PlotSheet.ToPng(TitleOf(report), plots, across: plots.Length == 3 ? 3 : 2);
    }

    private static string TitleOf(ModelReport report) => report.Result?.Test is { } test
        ? $"{report.Name}: test accuracy {Figures.Measure(test.Accuracy)}, cross-entropy {Figures.Measure(test.CrossEntropy)}"
        : report.Name;
}
