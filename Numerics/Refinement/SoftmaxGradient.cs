using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// The gradient of the mean cross-entropy over all rows, X'(p - y) / M, as steps see it (docs/math.md 9, eq. 11 without penalty): of U for rows multiplied by s, of the bias for an
/// input of min(1, s). Plain loops in float64, rows in order.
/// </summary>
public static class SoftmaxGradient
{
    private const int RowsBetweenChecks = 1024;

    /// <summary>(1 + R, C) row-major, the bias first. Without rows: zeros.</summary>
    /// <param name="rows">Dense rows, sparse rows or blocks.</param>
    /// <param name="parameters">Where the gradient is taken, (1 + R, C) row-major: the bias, then U.</param>
    /// <param name="cancellation">Checked between rows now and then.</param>
    /// <exception cref="ArgumentException">Another number of parameters.</exception>
    public static float[] Of(SgdRows rows, ReadOnlySpan<float> parameters, CancellationToken cancellation = default)
    {
        var classes = rows.Classes;
        if (parameters.Length != (rows.WeightRows + 1) * classes)
            throw new ArgumentException($"there are {parameters.Length} parameters, expected {(rows.WeightRows + 1) * classes}", nameof(parameters));
        var gradient = new double[parameters.Length];
        var inputs = new (int Row, float Value)[rows is SgdBlockRows blocks ? blocks.Blocks : rows.WeightRows];
        var (scores, residuals) = (new double[classes], new double[classes]);
        for (var m = 0; m < rows.Count; m++)
        {
            if (m % RowsBetweenChecks == 0)
                cancellation.ThrowIfCancellationRequested();
            var active = inputs.AsSpan(0, Inputs(rows, m, inputs));
            for (var c = 0; c < classes; c++)
                scores[c] = parameters[c];
            foreach (var (row, value) in active)
            {
                var weights = parameters.Slice((row + 1) * classes, scores.Length);
                for (var c = 0; c < scores.Length; c++)
                    scores[c] += (double)value * weights[c];
            }
            for (var problem = 0; problem < rows.Problems; problem++)
            {
                var (first, choices) = (problem * (classes / rows.Problems), classes / rows.Problems);
                Softmax.Probabilities(scores.AsSpan(first, choices), residuals.AsSpan(first, choices));
                residuals[first + rows.TargetOf(rows.Labels[m], problem)] -= 1;
            }
            for (var c = 0; c < classes; c++)
                gradient[c] += residuals[c];
            foreach (var (row, value) in active)
            {
                var sums = gradient.AsSpan((row + 1) * classes, residuals.Length);
                for (var c = 0; c < residuals.Length; c++)
                    sums[c] += value * residuals[c];
            }
        }
        var result = new float[parameters.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = rows.Count == 0 ? 0 : (float)(gradient[i] / rows.Count * (i < classes ? Math.Min(1, rows.Unit) : rows.Unit));
        return result;
    }

    /// <summary>The Euclidean norm, float64, in order.</summary>
    public static double Norm(ReadOnlySpan<float> gradient)
    {
        var sum = 0.0;
        foreach (var value in gradient)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    /// <summary>The inputs of a row that are not 0: their weight rows, and their values in the row of norm 1.</summary>
    private static unsafe int Inputs(SgdRows rows, int m, Span<(int Row, float Value)> inputs)
    {
        var row = rows.Pointer(m);
        if (rows is SgdBlockRows blocks)
        {
            for (var block = 0; block < blocks.Blocks; block++)
                inputs[block] = (blocks.Starts[block] + ((ushort*)row)[block], 1);
            return blocks.Blocks;
        }
        if (rows is SgdSparseRows)
        {
            var entries = SgdSparseRows.EntriesOf(row);
            for (var i = 0; i < entries.Length; i++)
                inputs[i] = (entries[i].Input, entries[i].Value * rows.Scales[m]);
            return entries.Length;
        }
        var (count, isBytes, scale) = (0, ((SgdDenseRows)rows).IsBytes, rows.Scales[m]);
        for (var j = 0; j < rows.WeightRows; j++)
        {
            var value = isBytes ? row[j] : ((float*)row)[j];
            if (value != 0)
                inputs[count++] = (j, value * scale);
        }
        return count;
    }
}
