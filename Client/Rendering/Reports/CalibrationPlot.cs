using ExplicitCluster.Client.Rendering.Plots;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>How often a model is right, by how sure it was.</summary>
internal static class CalibrationPlot
{
    /// <summary>Null where the job evaluated nothing.</summary>
    public static LinePlot? Of(ModelReport report) => report.Evaluations.Count == 0 ? null : new LinePlot(
        "calibration",
        new PlotAxis("confidence (mean probability of the predicted class)") { Includes = 0 },
        new PlotAxis("accuracy (share of rows)") { Includes = 0 },
        [
            .. report.Evaluations.Select(part => new PlotSeries(
                part.Rows, [.. part.Report.Calibration.Where(bin => bin.Rows > 0).Select(bin => (bin.MeanConfidence, bin.Accuracy))])),
            new PlotSeries("as right as confident", [(0, 0), (1, 1)]) { IsDashed = true },
        ]);
}
