using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering.Plots;
using ExplicitCluster.Client.Study;

namespace ExplicitCluster.Client.Rendering.Study;

/// <summary>The figures of a study as plots, each with the name of its file.</summary>
internal static class StudyPlots
{
    private static readonly PlotAxis Round = new("round") { IsWhole = true };
    private static readonly PlotAxis Loss = new("cross-entropy (nats a row)");

    /// <summary>Losses at the start are several times those of the end.</summary>
    private static readonly PlotAxis WideLoss = Loss with { IsLogarithmic = true };

    public static IReadOnlyList<(string File, LinePlot Plot)> All(StudyFigures figures) =>
    [
        .. figures.Parts.Select(part => ($"loss-{Words.Of(part)}.png", Best(figures, part))),
        .. figures.Parts.SelectMany(part => figures.Starts.Select(start => ($"loss-{Words.Of(part)}-{Words.Of(start)}.png", Rates(figures, start, part)))),
        ("distance.png", new LinePlot("distance to the explicit solution", Round, new PlotAxis("Euclidean distance") { Includes = 0 }, LiesOf(figures, distance => distance.Distance))),
        ("cosine.png", new LinePlot("cosine to the explicit solution", Round, new PlotAxis("cosine") { Includes = 1 }, LiesOf(figures, distance => distance.Cosine ?? double.NaN))),
    ];

    /// <summary>Every start at the rate that is best after the last round, and the explicit solution as it is.</summary>
    private static LinePlot Best(StudyFigures figures, StudyPart part)
    {
        var series = figures.Starts
            .Select(start => figures.BestAt(start, part, figures.Rounds))
            .OfType<StudyRun>()
            .Select(run => new PlotSeries($"{Words.Of(run.Start)}, rate {Figures.Setting(run.LearningRate)}", LossesOf(figures, run, part, 0)));
        var solution = figures.LossAt(AveragingStart.Explicit, part, 0);
        series = series.Append(new PlotSeries("explicit solution", [(0, solution), (figures.Rounds, solution)]) { IsDashed = true });
        if (part == StudyPart.Test && figures.Sweeps?.Test is { } sweeps)
            series = series.Append(new PlotSeries("scaling sweeps", [(0, sweeps.CrossEntropy), (figures.Rounds, sweeps.CrossEntropy)]) { IsDashed = true });
        return new LinePlot($"{Words.Of(part)} loss, each start at its best rate", Round, WideLoss, [.. series]);
    }

    /// <summary>All rates of a start, from the first round on.</summary>
    private static LinePlot Rates(StudyFigures figures, AveragingStart start, StudyPart part) => new(
        $"{Words.Of(part)} loss from the {Words.Of(start)} start",
        Round,
        Loss,
        [.. figures.RunsFrom(start).Select(run => new PlotSeries($"rate {Figures.Setting(run.LearningRate)}", LossesOf(figures, run, part, 1)))]);

    private static PlotSeries[] LiesOf(StudyFigures figures, Func<Abstractions.Jobs.ExplicitDistance, double> lie) =>
    [
        .. figures.Starts.Select(start => figures.BestAt(start, StudyPart.Train, figures.Rounds)).OfType<StudyRun>().Select(run => new PlotSeries(
            $"{Words.Of(run.Start)}, rate {Figures.Setting(run.LearningRate)}",
            [.. Enumerable.Range(0, figures.Rounds + 1).Select(round => ((double)round, run.DistanceAt(round) is { } distance ? lie(distance) : double.NaN))])),
    ];

    private static (double, double)[] LossesOf(StudyFigures figures, StudyRun run, StudyPart part, int first) =>
        [.. Enumerable.Range(first, figures.Rounds + 1 - first).Select(round => ((double)round, run.LossAt(part, round)))];
}
