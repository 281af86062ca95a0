using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering.Plots;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>The course of a refinement as plots: loss, accuracy and seconds. A plot of one point is left out, the table has it; loss is always there.</summary>
internal static class RefinementPlots
{
    /// <summary>Empty where the model was not refined.</summary>
    public static IReadOnlyList<LinePlot> Of(ModelReport report)
    {
        if (report.Model.Lineage.Refinement is not { } refinement)
            return [];
        var word = WordOf(refinement.Method);
        var rounds = report.Rounds;
        var plots = new List<LinePlot> { LossOf(refinement, rounds, word) };
        var axis = new PlotAxis(word) { IsWhole = true };
        if (rounds.Count(round => round.TestAccuracy is not null) > 1)
        {
            plots.Add(new LinePlot($"accuracy a {word}", axis, new PlotAxis("accuracy (share of rows)"),
                [new PlotSeries("test rows", [.. AtStart(refinement.Start?.TestAccuracy), .. PointsOf(rounds, round => round.TestAccuracy)])]));
        }
        if (rounds.Length > 1)
        {
            plots.Add(new LinePlot($"seconds a {word}", axis, new PlotAxis("wall time (s)") { Includes = 0 },
                [new PlotSeries("", PointsOf(rounds, round => round.Seconds))]));
        }
        return plots;
    }

    /// <summary>What its rounds are called.</summary>
    public static string WordOf(RefineMethod method) => method == RefineMethod.Sweeps ? "sweep" : "round";

    private static LinePlot LossOf(ModelRefinement refinement, ImmutableArray<RefinementRound> rounds, string word)
    {
        var series = new List<PlotSeries>();
        var start = AtStart(refinement.Start?.TrainCrossEntropy);
        series.Add(refinement.Method == RefineMethod.Sweeps
            ? new PlotSeries("training rows, own share left out", refinement.Losses.IsEmpty ? PointsOf(rounds, round => round.TrainCrossEntropy) : [.. refinement.Losses.Select(point => (point.Sweeps, point.CrossEntropy))])
            : new PlotSeries("training rows", [.. start, .. PointsOf(rounds, round => round.TrainCrossEntropy)]));
        if (rounds.Any(round => round.HeldOutCrossEntropy is not null))
            series.Add(new PlotSeries("held-out rows", PointsOf(rounds, round => round.HeldOutCrossEntropy)));
        if (rounds.Any(round => round.TestCrossEntropy is not null))
            series.Add(new PlotSeries("test rows", [.. AtStart(refinement.Start?.TestCrossEntropy), .. PointsOf(rounds, round => round.TestCrossEntropy)]) { IsDashed = true });
        return new LinePlot($"cross-entropy a {word}", new PlotAxis(word) { IsWhole = refinement.Losses.IsEmpty }, new PlotAxis("cross-entropy (nats a row)"), series);
    }

    private static (double, double)[] AtStart(double? figure) => figure is { } known ? [(0, known)] : [];

    private static (double, double)[] PointsOf(ImmutableArray<RefinementRound> rounds, Func<RefinementRound, double?> part) =>
        [.. rounds.Select(round => ((double)round.Round, part(round) ?? double.NaN))];
}
