using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Scoring;

/// <summary>
/// A layer over sparse rows: score_c = bias_c + (sum_j x_j W[j, c]) / norm (docs/math.md 2), or with groups scaled each by itself bias_c + the sum over
/// groups of n^-rho sum_j x_j W[j, c] (docs/math.md 10). A row without an entry scores the bias.
/// </summary>
/// <remarks>
/// Sums are float64 with j ascending and a class a lane of its own. Products of float32 numbers are exact in float64, so that a fused
/// multiply-add and the two operations give the same bits. Safe for concurrent use.
/// </remarks>
public sealed partial class SparseLayer
{
    private const int Lanes = 4;

    /// <param name="layout">Layout of the rows.</param>
    /// <param name="scale">What values are multiplied by.</param>
    /// <param name="bias">C numbers.</param>
    /// <param name="weights">W, (D, C), row-major. Handed over, not copied.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public SparseLayer(RowLayout layout, SparseScale scale, float[] bias, float[] weights)
    {
        if (bias.Length == 0 || weights.Length != (long)layout.Inputs * bias.Length)
            throw new ArgumentException($"{layout.Inputs} inputs of {bias.Length} classes have {weights.Length} weights", nameof(weights));
        (Layout, Scale, Bias, Weights) = (layout, scale, bias, weights);
    }

    public RowLayout Layout { get; }

    public SparseScale Scale { get; }

    /// <summary>C.</summary>
    public int Classes => Bias.Length;

    /// <summary>C numbers.</summary>
    public float[] Bias { get; }

    /// <summary>(D, C), row-major.</summary>
    public float[] Weights { get; }

    /// <summary>Writes the scores of <paramref name="count"/> rows from row <paramref name="first"/> on: (count, C), row-major.</summary>
    /// <exception cref="ArgumentException">The rows have another number of inputs, or <paramref name="scores"/> is too short.</exception>
    public void Score(SparseRows rows, int first, int count, Span<double> scores)
    {
        Check(rows, count, scores);
        var sums = new double[Classes];
        for (var m = 0; m < count; m++)
        {
            var (from, end) = (rows.Starts[first + m], rows.Starts[first + m + 1]);
            var row = scores.Slice(m * Classes, Classes);
            for (var c = 0; c < Classes; c++)
                row[c] = Bias[c];
            if (!Scale.IsByGroup)
            {
                var norm = rows.NormOf(first + m);
                if (norm == 0)
                    continue;
                Sum(rows, from, end, sums);
                for (var c = 0; c < Classes; c++)
                    row[c] += sums[c] / norm;
                continue;
            }
            for (var group = 0; from < end; group++)
            {
                var to = rows.EndOfGroup(group, from, end);
                if (to == from)
                    continue;
                Sum(rows, from, to, sums);
                var factor = Scale.OfGroup(to - from);
                for (var c = 0; c < Classes; c++)
                    row[c] += sums[c] * factor;
                from = to;
            }
        }
    }

    /// <summary>sums = the sum over entries [from, end) of x_j W[j, :].</summary>
    private void Sum(SparseRows rows, int from, int end, Span<double> sums)
    {
        sums.Clear();
        ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        for (; from < end; from++)
        {
            double value = rows.Values[from];
            ref var row = ref System.Runtime.CompilerServices.Unsafe.Add(ref weights, (nint)rows.Indices[from] * Classes);
            var c = 0;
            var factor = Vector256.Create(value);
            for (; c <= Classes - 2 * Lanes; c += 2 * Lanes)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref row, (nuint)c));
                (Vector256.LoadUnsafe(ref sum, (nuint)c) + low * factor).StoreUnsafe(ref sum, (nuint)c);
                (Vector256.LoadUnsafe(ref sum, (nuint)(c + Lanes)) + high * factor).StoreUnsafe(ref sum, (nuint)(c + Lanes));
            }
            for (; c < Classes; c++)
                sums[c] += value * Weights[(long)rows.Indices[from] * Classes + c];
        }
    }
}
