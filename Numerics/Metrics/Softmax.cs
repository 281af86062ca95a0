using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Metrics;

/// <summary>Probabilities from scores, one row at a time. The sum runs over classes in order, so bits do not depend on the hardware.</summary>
public static class Softmax
{
    /// <summary>
    /// Writes p = softmax(scores), (C), and returns log(sum(exp(scores))), so that the loss of class y is that minus scores[y], in nats.
    /// Scores may not be NaN; at least one must be finite.
    /// </summary>
    public static double Probabilities(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        var most = scores[0];
        for (var c = 1; c < scores.Length; c++)
            most = Math.Max(most, scores[c]);
        for (var c = 0; c < scores.Length; c++)
            probabilities[c] = scores[c] - most;
        SameBits.Exp(probabilities, probabilities);
        var sum = 0.0;
        for (var c = 0; c < scores.Length; c++)
            sum += probabilities[c];
        for (var c = 0; c < scores.Length; c++)
            probabilities[c] /= sum;
        return most + SameBits.Log(sum);
    }

    /// <summary>The most probable class; a tie goes to the lowest.</summary>
    public static int Best(ReadOnlySpan<double> scores)
    {
        var best = 0;
        for (var c = 1; c < scores.Length; c++)
        {
            if (scores[c] > scores[best])
                best = c;
        }
        return best;
    }
}
