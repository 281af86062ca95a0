using System.Collections.Immutable;
using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Study;

/// <summary>What a study varies, from the command line.</summary>
/// <param name="Starts">Explicit first.</param>
/// <param name="Rates">Ascending; none for the defaults.</param>
/// <param name="Rounds">Null for the specification's.</param>
internal sealed record StudyOptions(ImmutableArray<AveragingStart> Starts, ImmutableArray<double> Rates, int? Rounds)
{
    private const int MostRates = 16;
    private const int MostRounds = 100_000;

    private static readonly string[] Names = ["explicit", "random", "zero"];

    public static StudyOptions Default { get; } = new([AveragingStart.Explicit, AveragingStart.Random, AveragingStart.Zero], [], null);

    /// <summary>Reads the three flags; null stands for one that was not given.</summary>
    /// <exception cref="SpecificationException">What is wrong, a line each.</exception>
    public static StudyOptions Of(string? starts, string? rates, string? rounds)
    {
        var problems = new List<SpecificationProblem>();
        var options = new StudyOptions(
            starts is null ? Default.Starts : StartsOf(starts, message => problems.Add(Problem("--starts", starts, message))),
            rates is null ? [] : RatesOf(rates, message => problems.Add(Problem("--rates", rates, message))),
            rounds is null ? null : RoundsOf(rounds, message => problems.Add(Problem("--rounds", rounds, message))));
        return problems.Count == 0 ? options : throw new SpecificationException(problems);
    }

    private static ImmutableArray<AveragingStart> StartsOf(string text, Action<string> refuse)
    {
        var starts = new SortedSet<AveragingStart>();
        foreach (var name in text.Split(','))
        {
            var index = Array.IndexOf(Names, name.Trim());
            if (index < 0)
                refuse($"{Quoted.Of(name.Trim())} is no start; {KeyNames.Suggest(name.Trim(), Names, ("start", "starts"))}");
            else if (!starts.Add((AveragingStart)index))
                refuse($"'{name.Trim()}' is given twice; remove one of them");
        }
        if (!starts.Contains(AveragingStart.Explicit))
            refuse("the explicit start is missing, which the others are compared with; add it, e.g. --starts explicit,random");
        return [.. starts];
    }

    private static ImmutableArray<double> RatesOf(string text, Action<string> refuse)
    {
        var rates = new SortedSet<double>();
        foreach (var part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) || !(rate > 0) || !double.IsFinite(rate))
                refuse($"{Quoted.Of(part.Trim())} is no learning rate; expected numbers above 0, e.g. --rates 0.005,0.02");
            else if (!rates.Add(rate))
                refuse($"{part.Trim()} is given twice; remove one of them");
        }
        if (rates.Count > MostRates)
            refuse($"there are {rates.Count} rates; expected at most {MostRates}");
        return [.. rates];
    }

    private static int? RoundsOf(string text, Action<string> refuse)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is >= 1 and <= MostRounds)
            return rounds;
        refuse($"expected a whole number from 1 to {MostRounds}, e.g. --rounds 10");
        return null;
    }

    private static SpecificationProblem Problem(string flag, string text, string message) => new($"{flag} {Quoted.Escape(text)}", null, message);
}
