using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Study;

/// <summary>
/// The claims of Williams and Zhao on starts, and the rules by which figures decide them. Every start is taken at the rate that suits it best, by the figure that is compared.
/// </summary>
internal static class StudyRules
{
    /// <summary>Losses apart by no more than this share are level.</summary>
    public const double Level = 0.01;

    /// <summary>A loss that falls by no more than this share was improved only a little.</summary>
    public const double Little = 0.05;

    /// <summary>And by more than this share, much.</summary>
    public const double Much = 0.2;

    /// <summary>Cosine from which parameters count as having come to the explicit solution.</summary>
    public const double Near = 0.9;

    /// <summary>Growth of the cosine from which they count as moving towards it.</summary>
    public const double Towards = 0.1;

    /// <summary>A gradient below this share of the others' is that of a place near an optimum.</summary>
    public const double Small = 0.1;

    public static IReadOnlyList<StudyVerdict> Judge(StudyFigures figures) =>
    [
        .. figures.Parts.Select(part => Ahead(figures, part)),
        .. figures.Parts.Select(part => Lowered(figures, part)),
        .. figures.Parts.Select(part => OnlyALittle(figures, part)),
        .. figures.Parts.Select(part => BetterOptimum(figures, part)),
        Converges(figures),
        NearAnOptimum(figures),
        CheaperThanAnEpoch(figures),
        SavesMoreThanItCosts(figures),
    ];

    private static StudyVerdict Ahead(StudyFigures figures, StudyPart part)
    {
        const string Claim = "the explicit start is ahead of the others at equal budget";
        var rule = $"ahead: a loss more than {Level:0%} below the least of the other starts; holds if so after every round, partly after some";
        if (OthersOf(figures).Length == 0)
            return NotMeasured(Claim, part, rule, "no other start was run");
        var places = Enumerable.Range(1, figures.Rounds)
            .Select(round => PlaceOf(figures.LossAt(AveragingStart.Explicit, part, round), OthersOf(figures).Min(start => figures.LossAt(start, part, round))))
            .ToList();
        var outcome = places.All(place => place < 0) ? StudyOutcome.Holds : places.Any(place => place < 0) ? StudyOutcome.Partly : StudyOutcome.DoesNotHold;
        var runs = new[] { (-1, "ahead"), (0, "level"), (1, "behind") }.Where(kind => places.Contains(kind.Item1)).Select(kind => $"{kind.Item2} after {RoundsOf(places, kind.Item1)}");
        return new StudyVerdict(Claim, part, outcome, $"{string.Join("; ", runs)}. After the last: {LossesOf(figures, start => figures.LossAt(start, part, figures.Rounds))}", rule);
    }

    private static StudyVerdict Lowered(StudyFigures figures, StudyPart part)
    {
        var (fall, reason) = FallOf(figures, part);
        return new StudyVerdict(
            "steps from the explicit start still lower the loss", part, fall > Level ? StudyOutcome.Holds : StudyOutcome.DoesNotHold, reason, $"holds if the loss falls by more than {Level:0%}");
    }

    private static StudyVerdict OnlyALittle(StudyFigures figures, StudyPart part)
    {
        var (fall, reason) = FallOf(figures, part);
        return new StudyVerdict(
            "steps improve the explicit solution only a little",
            part,
            fall <= Little ? StudyOutcome.Holds : fall <= Much ? StudyOutcome.Partly : StudyOutcome.DoesNotHold,
            reason,
            $"holds if the loss falls by at most {Little:0%}, partly by at most {Much:0%}");
    }

    private static StudyVerdict BetterOptimum(StudyFigures figures, StudyPart part)
    {
        const string Claim = "the explicit start comes to a better optimum than other starts do";
        var rule = $"better: the least loss of all its rounds is more than {Level:0%} below that of the others; holds if so, partly if the best of the others still falls by more than {Level:0%} in the last round or has the greatest of several rates, so that a greater one might be better";
        if (OthersOf(figures).Length == 0)
            return NotMeasured(Claim, part, rule, "no other start was run");
        var best = OthersOf(figures).MinBy(start => figures.LeastOf(start, part));
        var place = PlaceOf(figures.LeastOf(AveragingStart.Explicit, part), figures.LeastOf(best, part));
        var isFalling = figures.LossAt(best, part, figures.Rounds) < (1 - Level) * figures.LossAt(best, part, figures.Rounds - 1);
        var isAtTheEdge = figures.LearningRates.Length > 1 && figures.BestAt(best, part, figures.Rounds)!.LearningRate == figures.LearningRates.Max();
        var outcome = place >= 0 ? StudyOutcome.DoesNotHold : isFalling || isAtTheEdge ? StudyOutcome.Partly : StudyOutcome.Holds;
        var word = place switch { < 0 => "better", 0 => "level", _ => "worse" };
        var doubt = place >= 0 ? "" : isFalling ? $"; {Words.Of(best)} still falls" : isAtTheEdge ? $"; {Words.Of(best)} is best at the greatest rate" : "";
        return new StudyVerdict(Claim, part, outcome, $"{word}: {LossesOf(figures, start => figures.LeastOf(start, part))}{doubt}", rule);
    }

    private static StudyVerdict Converges(StudyFigures figures)
    {
        const string Claim = "steps from random weights lead to the explicit solution";
        var rule = $"holds if the cosine ends at {Near} or more and the distance at half or less, partly if the cosine grows by {Towards} or more";
        if (figures.BestAt(AveragingStart.Random, StudyPart.Train, figures.Rounds) is not { Beginning.ToExplicit: { Cosine: { } before } from } run || run.DistanceAt(run.Rounds.Length) is not { Cosine: { } after } to)
            return NotMeasured(Claim, null, rule, "the random start was not run");
        var outcome = after >= Near && to.Distance <= from.Distance / 2 ? StudyOutcome.Holds : after - before >= Towards ? StudyOutcome.Partly : StudyOutcome.DoesNotHold;
        return new StudyVerdict(Claim, null, outcome, $"cosine {before:0.000} to {after:0.000}, distance {from.Distance:0.00} to {to.Distance:0.00}, at rate {Figures.Setting(run.LearningRate)}", rule);
    }

    private static StudyVerdict NearAnOptimum(StudyFigures figures)
    {
        const string Claim = "the explicit solution is near an optimum";
        var rule = $"holds if the norm of its gradient is below {Small:0%} of the least of the other starts, partly if it is below all of it";
        double[] others = [.. OthersOf(figures).Select(start => GradientOf(figures, start)).OfType<double>()];
        if (others.Length == 0 || GradientOf(figures, AveragingStart.Explicit) is not { } own)
            return NotMeasured(Claim, null, rule, "no other start was run");
        var share = own / others.Min();
        var outcome = share < Small ? StudyOutcome.Holds : share < 1 ? StudyOutcome.Partly : StudyOutcome.DoesNotHold;
        return new StudyVerdict(Claim, null, outcome, $"gradient {own:0.0000} against {others.Min():0.0000}: {share:0%}", rule);
    }

    private static StudyVerdict CheaperThanAnEpoch(StudyFigures figures)
    {
        const string Claim = "an explicit pass costs less than an epoch of SGD";
        const string Rule = "holds if statistics, reduction and solution, reading and encoding included, take less wall time than one pass of steps over rows in memory";
        return figures.Pass is not { } pass || double.IsNaN(figures.EpochSeconds)
            ? NotMeasured(Claim, null, Rule, "the pass was not timed")
            : new StudyVerdict(Claim, null, pass.Seconds < figures.EpochSeconds ? StudyOutcome.Holds : StudyOutcome.DoesNotHold, CostOf(figures, pass), Rule);
    }

    private static StudyVerdict SavesMoreThanItCosts(StudyFigures figures)
    {
        const string Claim = "an explicit pass costs less than the epochs that it saves";
        const string Rule = "holds if the pass takes less wall time than the rounds in which another start comes to the explicit start's training loss, steps alone";
        if (figures.Pass is not { } pass || OthersOf(figures).Length == 0 || double.IsNaN(figures.EpochSeconds))
            return NotMeasured(Claim, null, Rule, "the pass was not timed, or no other start was run");
        var loss = figures.LossAt(AveragingStart.Explicit, StudyPart.Train, 0);
        var round = Enumerable.Range(0, figures.Rounds + 1).FirstOrDefault(round => OthersOf(figures).Any(start => figures.LossAt(start, StudyPart.Train, round) <= loss), -1);
        var seconds = round * figures.Settings.LocalEpochs * figures.EpochSeconds;
        var reached = round < 0 ? $"no other start comes to {Figures.Measure(loss)} in {figures.Rounds} rounds" : $"another start comes to {Figures.Measure(loss)} in round {round}, {Figures.Time(seconds)}";
        return new StudyVerdict(Claim, null, round < 0 || pass.Seconds < seconds ? StudyOutcome.Holds : StudyOutcome.DoesNotHold, $"{reached}; {CostOf(figures, pass)}", Rule);
    }

    private static StudyVerdict NotMeasured(string claim, StudyPart? part, string rule, string why) => new(claim, part, StudyOutcome.NotMeasured, why, rule);

    private static AveragingStart[] OthersOf(StudyFigures figures) => [.. figures.Starts.Where(start => start != AveragingStart.Explicit)];

    private static double? GradientOf(StudyFigures figures, AveragingStart start) => figures.RunsFrom(start).Select(run => run.Beginning.GradientNorm).FirstOrDefault(norm => norm is not null);

    private static (double Share, string Reason) FallOf(StudyFigures figures, StudyPart part)
    {
        var (start, least) = (figures.LossAt(AveragingStart.Explicit, part, 0), figures.LeastOf(AveragingStart.Explicit, part));
        return ((start - least) / start, $"{Figures.Measure(start)} to {Figures.Measure(least)}, {(start - least) / start:0.0%} less");
    }

    /// <summary>-1 where the first loss is ahead, 1 where it is behind, 0 where they are level.</summary>
    private static int PlaceOf(double own, double others) => own < (1 - Level) * others ? -1 : own > (1 + Level) * others ? 1 : 0;

    private static string LossesOf(StudyFigures figures, Func<AveragingStart, double> loss) => string.Join(", ", figures.Starts.Select(start => $"{Words.Of(start)} {Figures.Measure(loss(start))}"));

    private static string CostOf(StudyFigures figures, StudyPass pass) =>
        $"pass {Figures.Time(pass.Seconds)}, epoch {Figures.Time(figures.EpochSeconds)}: {pass.Seconds / figures.EpochSeconds:0.0} epochs";

    /// <summary>Which rounds are at a place, as ranges: <c>rounds 1 to 3 and 7</c>.</summary>
    private static string RoundsOf(List<int> places, int place)
    {
        var ranges = new List<string>();
        for (var i = 0; i < places.Count; i++)
        {
            if (places[i] != place)
                continue;
            var first = i;
            while (i + 1 < places.Count && places[i + 1] == place)
                i++;
            ranges.Add(first == i ? $"{i + 1}" : $"{first + 1} to {i + 1}");
        }
        return $"{(ranges.Count == 1 && !ranges[0].Contains(' ') ? "round" : "rounds")} {string.Join(", ", ranges)}";
    }
}
