using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <content>The definitions, row by row and class by class: slow, and what the kernels must equal to the bit.</content>
public sealed partial class SweepRun
{
    /// <summary>Units of a probability: 2^30.</summary>
    public const double ShareUnits = 1 << 30;

    /// <summary>round-half-even(2^30 softmax(scores)): (rows, C) from (rows, C), row-major.</summary>
    public static long[] SharesPlain(ReadOnlySpan<double> scores, int classes)
    {
        var shares = new long[scores.Length];
        for (var row = 0; row < scores.Length; row += classes)
        {
            var (probabilities, _) = SoftmaxPlain(scores.Slice(row, classes));
            for (var c = 0; c < classes; c++)
                shares[row + c] = (long)Math.Round(probabilities[c] * ShareUnits, MidpointRounding.ToEven);
        }
        return shares;
    }

    /// <summary>F̂ of the chunk: (Cells, C), row-major.</summary>
    public static long[] ExpectedPlain(SweepRows rows, SweepChunk chunk, ReadOnlySpan<long> shares, int classes)
    {
        var expected = new long[chunk.Cells * classes];
        for (var m = 0; m < rows.Count; m++)
        {
            for (var i = 0; i < chunk.Blocks.Count; i++)
            {
                for (var c = 0; c < classes; c++)
                    expected[(chunk.StartOf(i) + rows.CodeOf(chunk.Blocks[i], m)) * classes + c] += shares[m * classes + c];
            }
        }
        return expected;
    }

    /// <summary>The direction of every row's scores: (rows, C), row-major.</summary>
    public static double[] DirectionPlain(SweepRows rows, SweepChunk chunk, SweepCounts counts, ReadOnlySpan<long> expected, ReadOnlySpan<long> shares, double alpha)
    {
        var classes = counts.Classes;
        var direction = new double[rows.Count * classes];
        for (var at = 0; at < direction.Length; at++)
        {
            var (m, c) = (at / classes, at % classes);
            for (var first = 0; first < chunk.Blocks.Count; first += 16)
            {
                var (numerator, denominator) = (1.0, 1.0);
                for (var i = first; i < Math.Min(first + 16, chunk.Blocks.Count); i++)
                {
                    var code = rows.CodeOf(chunk.Blocks[i], m);
                    numerator *= (double)counts[chunk.GlobalStartOf(i) + code, c] - (rows.Labels[m] == c ? 1 : 0) + alpha;
                    denominator *= ((double)expected[(chunk.StartOf(i) + code) * classes + c] - shares[at]) / ShareUnits + alpha;
                }
                direction[at] += SameBits.Log(numerator / denominator);
            }
        }
        return direction;
    }

    /// <summary>Loss, gradient and curvature at scores + step x direction; both are (rows, C), row-major.</summary>
    public static LineSums SumsPlain(ReadOnlySpan<double> scores, ReadOnlySpan<double> direction, ReadOnlySpan<int> labels, int classes, double step)
    {
        var sums = default(LineSums);
        var at = new double[classes];
        for (var m = 0; m < labels.Length; m++)
        {
            var along = direction.Slice(m * classes, classes);
            for (var c = 0; c < classes; c++)
                at[c] = scores[m * classes + c] + along[c] * step;
            var (probabilities, log) = SoftmaxPlain(at);
            var (mean, curvature) = (0.0, 0.0);
            for (var c = 0; c < classes; c++)
                mean += probabilities[c] * along[c];
            for (var c = 0; c < classes; c++)
                curvature += probabilities[c] * ((along[c] - mean) * (along[c] - mean));
            sums += new LineSums(Units(log - at[labels[m]]), Units(mean - along[labels[m]]), Units(curvature));
        }
        return sums;

        static long Units(double nats) => (long)Math.Round(nats * LineSums.Unit, MidpointRounding.ToEven);
    }

    private static (double[] Probabilities, double Log) SoftmaxPlain(ReadOnlySpan<double> scores)
    {
        var top = double.NegativeInfinity;
        foreach (var score in scores)
            top = Math.Max(top, score);
        var (powers, sum) = (new double[scores.Length], 0.0);
        for (var c = 0; c < scores.Length; c++)
            sum += powers[c] = SameBits.Exp(scores[c] - top);
        for (var c = 0; c < scores.Length; c++)
            powers[c] /= sum;
        return (powers, SameBits.Log(sum) + top);
    }
}
