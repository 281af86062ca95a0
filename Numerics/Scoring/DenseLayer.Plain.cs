using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Scoring;

/// <content>The plain twin of <see cref="Score(DenseRows, int, int, Span{double})"/>, and the checks that both make.</content>
public sealed partial class DenseLayer
{
    /// <summary>What <see cref="Score(DenseRows, int, int, Span{double})"/> does, one product after another; equal to it bit for bit.</summary>
    /// <exception cref="ArgumentException">The rows have another number of inputs, or <paramref name="scores"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public void ScorePlain(DenseRows rows, int first, int count, Span<double> scores)
    {
        Check(rows, first, count, scores);
        for (var row = 0; row < count; row++)
        {
            double norm = 0;
            for (var input = 0; input < Inputs; input++)
                norm += ValueOf(rows, first + row, input);
            for (var c = 0; c < Classes; c++)
            {
                double sum = 0;
                for (var input = 0; input < Inputs; input++)
                    sum += (double)ValueOf(rows, first + row, input) * Weights[input * Classes + c];
                scores[row * Classes + c] = norm == 0 ? Bias[c] : Bias[c] + sum / norm;
            }
        }
    }

    private static float ValueOf(DenseRows rows, int row, int input) =>
        rows.IsBytes ? rows.Bytes[row * rows.Inputs + input] : rows.Floats[row * rows.Inputs + input];

    private void Check(DenseRows rows, int first, int count, Span<double> scores)
    {
        if (rows.Inputs != Inputs)
            throw new ArgumentException($"the rows have {rows.Inputs} inputs, the layer {Inputs}", nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, rows.Count, nameof(count));
        if (scores.Length < (long)count * Classes)
            throw new ArgumentException($"{count} rows of {Classes} scores do not fit a span of {scores.Length}", nameof(scores));
    }
}
