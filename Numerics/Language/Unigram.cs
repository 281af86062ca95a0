using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>Probabilities of words without any context.</summary>
public static class Unigram
{
    private const double Smoothing = 0.5;

    /// <summary>(t_c + 1/2) / (sum of t + V/2). With the numbers of distinct tokens seen at a lag before each word, its continuation probabilities.</summary>
    public static double[] Of(ReadOnlySpan<long> counts)
    {
        var total = 0L;
        foreach (var count in counts)
            total = checked(total + count);
        var denominator = total + Smoothing * counts.Length;
        var probabilities = new double[counts.Length];
        for (var c = 0; c < counts.Length; c++)
            probabilities[c] = (counts[c] + Smoothing) / denominator;
        return probabilities;
    }

    /// <summary>Their logarithms, with the same bits everywhere.</summary>
    public static double[] Logs(double[] probabilities)
    {
        var logs = new double[probabilities.Length];
        SameBits.Log(probabilities, logs);
        return logs;
    }

    /// <summary>Adds, for every word, in how many contexts it was seen.</summary>
    public static void AddContexts(CellPacking packing, ReadOnlySpan<ulong> cells, Span<long> contexts)
    {
        foreach (var cell in cells)
            contexts[packing.WordOf(cell)]++;
    }
}
