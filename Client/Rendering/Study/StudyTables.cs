using ExplicitCluster.Client.Study;

namespace ExplicitCluster.Client.Rendering.Study;

/// <summary>The figures of a study as tables.</summary>
internal static class StudyTables
{
    public static string Title(StudyFigures figures) => $"study of starts: {figures.Name}";

    /// <summary>What was run, in names and values.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(StudyFigures figures)
    {
        var settings = figures.Settings;
        yield return ("features", string.Join(" + ", figures.Features.Select(map => Words.Of(map.Map))));
        yield return ("rows", $"{Figures.Count(figures.Rows)} training, {Figures.Count(figures.TestRows)} test");
        yield return ("inputs", Figures.Count(figures.Inputs));
        yield return ("K, alpha", $"{Figures.Setting(figures.Solution.K)}, {Figures.Setting(figures.Solution.Alpha)}");
        yield return ("budget", $"{figures.Rounds} rounds of {settings.LocalEpochs} {(settings.LocalEpochs == 1 ? "epoch" : "epochs")}, {figures.Workers} workers, {settings.Batch} rows a step");
        yield return ("steps", $"{Words.Of(settings.Optimizer)}, {Words.Of(settings.Schedule)} schedule");
        yield return ("learning rates", string.Join(", ", figures.LearningRates.Select(Figures.Setting)));
        yield return ("epoch, median, steps alone", double.IsNaN(figures.EpochSeconds) ? "-" : Figures.Time(figures.EpochSeconds));
        yield return ("pass, median", figures.Pass is { } pass
            ? $"{Figures.Time(pass.Seconds)}: statistics {pass.Statistics:0.00}, reduction {pass.Reduce:0.00}, solution and weights {pass.Solve:0.00}"
            : "not timed: the store had statistics of its shards already, or it was stopped");
    }

    public static IEnumerable<StudyTable> All(StudyFigures figures) => [Starts(figures), Ends(figures), .. figures.Parts.Select(part => Rounds(figures, part)), Ways(figures)];

    /// <summary>A line a claim.</summary>
    public static StudyTable Verdicts(IReadOnlyList<StudyVerdict> verdicts) => new(
        "verdicts",
        ["claim", "rows", "verdict", "figures"],
        [.. verdicts.Select(verdict => (IReadOnlyList<string>)[verdict.Claim, verdict.Part is { } part ? Words.Of(part) : "-", Words.Of(verdict.Outcome), verdict.Reason])]);

    /// <summary>Where runs begin.</summary>
    private static StudyTable Starts(StudyFigures figures) => new(
        "at the start",
        ["start", "train loss", "test loss", "test accuracy", "gradient", "distance", "cosine"],
        [.. figures.Starts.Select(start => (IReadOnlyList<string>)
            [
                Words.Of(start),
                .. RowOf(figures.RunsFrom(start).First()),
            ])]);

    private static IEnumerable<string> RowOf(StudyRun run) =>
    [
        Measure(run.Beginning.TrainCrossEntropy),
        Measure(run.Beginning.TestCrossEntropy),
        Measure(run.Beginning.TestAccuracy),
        Measure(run.Beginning.GradientNorm),
        Length(run.Beginning.ToExplicit?.Distance),
        Measure(run.Beginning.ToExplicit?.Cosine),
    ];

    /// <summary>Every run after its last round.</summary>
    private static StudyTable Ends(StudyFigures figures) => new(
        "after the last round",
        ["start", "rate", "train loss", "test loss", "test accuracy", "distance", "cosine", "seconds", "ended"],
        [.. figures.Runs.Select(run => (IReadOnlyList<string>)
            [
                Words.Of(run.Start),
                Figures.Setting(run.LearningRate),
                Measure(run.LossAt(StudyPart.Train, run.Rounds.Length)),
                Measure(run.LossAt(StudyPart.Test, run.Rounds.Length)),
                Measure(run.Rounds.IsEmpty ? null : run.Rounds[^1].TestAccuracy),
                Length(run.DistanceAt(run.Rounds.Length)?.Distance),
                Measure(run.DistanceAt(run.Rounds.Length)?.Cosine),
                $"{run.Rounds.Sum(round => round.Seconds):0.0}",
                run.Ended ?? "",
            ])]);

    /// <summary>Losses a round, each start at the rate that is best there.</summary>
    private static StudyTable Rounds(StudyFigures figures, StudyPart part) => new(
        $"{Words.Of(part)} loss a round, each start at its best rate",
        ["round", .. figures.Starts.SelectMany(start => (string[])[Words.Of(start), "rate"])],
        [.. Enumerable.Range(0, figures.Rounds + 1).Select(round => (IReadOnlyList<string>)
            [
                $"{round}",
                .. figures.Starts.SelectMany(start => figures.BestAt(start, part, round) is { } run ? (string[])[Measure(run.LossAt(part, round)), round == 0 ? "" : Figures.Setting(run.LearningRate)] : ["-", ""]),
            ])]);

    /// <summary>The explicit solution, averaged SGD at its best and scaling sweeps beside each other.</summary>
    private static StudyTable Ways(StudyFigures figures)
    {
        var part = figures.TestRows > 0 ? StudyPart.Test : StudyPart.Train;
        var rows = new List<IReadOnlyList<string>>
        {
            (string[])["explicit solution", Measure(figures.Solution.Train?.CrossEntropy), Measure(figures.Solution.Test?.CrossEntropy), Measure(figures.Solution.Test?.Accuracy), figures.Pass is { } pass ? $"{pass.Seconds:0.0}" : "-"],
        };
        foreach (var start in figures.Starts)
        {
            if (figures.BestAt(start, part, figures.Rounds) is { Rounds: [.., var last] } run)
                rows.Add([$"averaged SGD, {Words.Of(start)}, rate {Figures.Setting(run.LearningRate)}", Measure(last.TrainCrossEntropy), Measure(last.TestCrossEntropy), Measure(last.TestAccuracy), $"{run.Rounds.Sum(round => round.Seconds):0.0}"]);
        }
        if (figures.Sweeps is { } sweeps)
            rows.Add([$"scaling sweeps, {sweeps.Rounds.Length}", Measure(sweeps.Train?.CrossEntropy), Measure(sweeps.Test?.CrossEntropy), Measure(sweeps.Test?.Accuracy), $"{sweeps.RefineSeconds:0.0}"]);
        return new StudyTable("ways beside each other", ["way", "train loss", "test loss", "test accuracy", "seconds"], rows);
    }

    private static string Measure(double? value) => value is { } number ? Figures.Measure(number) : "-";

    private static string Length(double? value) => value is { } number ? $"{number:0.00}" : "-";
}
