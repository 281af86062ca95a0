using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The mean of workers' parameters, any span of them on its own (docs/math.md 9).</summary>
public static class Averaging
{
    private const int Lanes = 8;

    /// <summary>
    /// result = sum_w rows_w parameters_w / sum_w rows_w: float64, workers in order, rounded to float32 once. The products are exact below 2^29 rows a worker, and
    /// equal parameters stay as they are. NaN and infinity of a worker with rows go through; a worker without rows has no say. No rows at all: the first worker's parameters.
    /// </summary>
    /// <param name="parameters">The same span of every worker, in worker order.</param>
    /// <param name="rows">Rows of every worker, at least 0.</param>
    /// <param name="result">As long as each span; may be one of them.</param>
    /// <exception cref="ArgumentException">No worker, another number of row counts, or spans of different lengths.</exception>
    public static void Average(IReadOnlyList<ReadOnlyMemory<float>> parameters, IReadOnlyList<long> rows, Span<float> result)
    {
        if (parameters.Count == 0 || parameters.Count != rows.Count)
            throw new ArgumentException($"{parameters.Count} workers have {rows.Count} numbers of rows", nameof(rows));
        var total = 0L;
        for (var worker = 0; worker < rows.Count; worker++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[worker], nameof(rows));
            if (parameters[worker].Length != result.Length)
                throw new ArgumentException($"worker {worker} has {parameters[worker].Length} parameters, expected {result.Length}", nameof(parameters));
            total = checked(total + rows[worker]);
        }
        if (total == 0)
        {
            parameters[0].Span.CopyTo(result);
            return;
        }
        var i = 0;
        for (; i <= result.Length - Lanes; i += Lanes)
        {
            var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var worker = 0; worker < rows.Count; worker++)
            {
                if (rows[worker] == 0)
                    continue;
                var (first, second) = Vector256.Widen(Vector256.Create(parameters[worker].Span.Slice(i, Lanes)));
                low += first * Vector256.Create((double)rows[worker]);
                high += second * Vector256.Create((double)rows[worker]);
            }
            Vector256.Narrow(low / Vector256.Create((double)total), high / Vector256.Create((double)total)).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] = MeanOf(parameters, rows, total, i);
    }

    /// <summary>The plain twin of <see cref="Average"/>; equal to it bit for bit.</summary>
    public static void AveragePlain(IReadOnlyList<ReadOnlyMemory<float>> parameters, IReadOnlyList<long> rows, Span<float> result)
    {
        var total = rows.Sum();
        for (var i = 0; i < result.Length; i++)
            result[i] = total == 0 ? parameters[0].Span[i] : MeanOf(parameters, rows, total, i);
    }

    /// <summary>
    /// Subtracts from each row of U, (n, C) row-major, its mean over the classes; from a bias too, as one row. Scores of all classes move alike, so
    /// probabilities stay, and a penalty no longer punishes a constant.
    /// </summary>
    /// <exception cref="ArgumentException">Not whole rows.</exception>
    public static void Centre(Span<float> weights, int classes)
    {
        if (classes < 1 || weights.Length % classes != 0)
            throw new ArgumentException($"{weights.Length} weights are no whole rows of {classes} classes", nameof(weights));
        for (var first = 0; first < weights.Length; first += classes)
        {
            var row = weights.Slice(first, classes);
            var sum = 0.0;
            foreach (var weight in row)
                sum += weight;
            foreach (ref var weight in row)
                weight = (float)(weight - sum / classes);
        }
    }

    private static float MeanOf(IReadOnlyList<ReadOnlyMemory<float>> parameters, IReadOnlyList<long> rows, long total, int index)
    {
        var sum = 0.0;
        for (var worker = 0; worker < rows.Count; worker++)
            sum += rows[worker] == 0 ? 0 : parameters[worker].Span[index] * (double)rows[worker];
        return (float)(sum / total);
    }
}
