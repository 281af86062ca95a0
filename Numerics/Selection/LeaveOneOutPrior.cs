using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>The last step of leave-one-out for one row: from its mean scores to its loss under every K.</summary>
internal sealed class LeaveOneOutPrior(double[] evidence, double beta)
{
    private readonly double[] _logs = [.. evidence.Select(t => SameBits.Log(t + beta))];
    private readonly double _total = evidence.Sum() + beta * evidence.Length;

    /// <summary>Whether class y keeps any evidence without <paramref name="share"/> of one row; otherwise its prior would be log 0.</summary>
    public bool Leaves(int y, double share) => evidence[y] - share + beta > 0;

    /// <summary>Writes the log prior of every class without a row of class y that brought <paramref name="share"/>: (t_c + b) / (N + b C).</summary>
    public void Write(int y, double share, Span<double> prior)
    {
        var total = SameBits.Log(_total - share);
        for (var c = 0; c < prior.Length; c++)
            prior[c] = _logs[c] - total;
        prior[y] = SameBits.Log(evidence[y] - share + beta) - total;
    }

    /// <summary>Adds the row's loss under every K, times its weight, to <paramref name="losses"/>.</summary>
    public static void AddLosses(ReadOnlySpan<double> ks, ReadOnlySpan<double> meanScores, ReadOnlySpan<double> prior, int y, Span<Int128> losses, double weight = 1)
    {
        Span<double> scores = meanScores.Length <= 256 ? stackalloc double[meanScores.Length] : new double[meanScores.Length];
        Span<double> probabilities = meanScores.Length <= 256 ? stackalloc double[meanScores.Length] : new double[meanScores.Length];
        for (var k = 0; k < losses.Length; k++)
        {
            for (var c = 0; c < scores.Length; c++)
                scores[c] = ks[k] * meanScores[c] + prior[c];
            losses[k] += ExactSum.Units(weight * (Softmax.Probabilities(scores, probabilities) - scores[y]));
        }
    }
}
