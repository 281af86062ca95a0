using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What a round or sweep brought, as a line.</summary>
internal static class RoundView
{
    private const int WidthOfFull = 66;

    /// <summary>For a log.</summary>
    public static string Of(RefinementRound round)
    {
        string[] parts =
        [
            $"cross-entropy {Figures.Measure(round.TrainCrossEntropy)}",
            round.TestCrossEntropy is { } test ? $"test {Figures.Measure(test)}" : "",
            round.TestAccuracy is { } accuracy ? $"accuracy {Figures.Measure(accuracy)}" : "",
            Figures.Seconds(round.Seconds),
        ];
        return $"round {round.Round}: {string.Join(", ", parts.Where(part => part.Length > 0))}";
    }

    /// <summary>For a terminal: figures below each other from round to round, as many as fit.</summary>
    public static string Of(RefinementRound round, int width)
    {
        var seconds = Figures.Seconds(round.Seconds);
        string[] parts = width >= WidthOfFull
            ?
            [
                $"round {round.Round,3}",
                $"loss {Figures.Measure(round.TrainCrossEntropy)}",
                round.TestCrossEntropy is { } test ? $"test {Figures.Measure(test)}" : "",
                round.TestAccuracy is { } accuracy ? $"accuracy {Figures.Measure(accuracy)}" : "",
                $"{seconds,7}",
            ]
            : [$"{round.Round,3}", Figures.Measure(round.TrainCrossEntropy), round.TestAccuracy is { } share ? $"acc {Figures.Measure(share)}" : "", seconds];
        var line = string.Join(width >= WidthOfFull ? "   " : "  ", parts.Where(part => part.Length > 0));
        return line.Length < width ? line : line[..Math.Max(1, width - 1)];
    }
}
