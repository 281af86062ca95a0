using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>Statistics of dense rows in fixed point (docs/math.md 1).</summary>
/// <remarks>
/// Rows are read once from memory: a row's norm is summed as it arrives, then it waits in its class's queue; a full queue is added to the
/// int32 sums of the class in one go, so that a sum is loaded and stored once for eight rows. Sums go to int64 before they can overflow.
/// </remarks>
public static partial class DenseStatistics
{
    /// <summary>Bytes of int32 sums that may be open at once; more classes are counted in several passes over rows sorted by class.</summary>
    private const int OpenBytes = 8 << 20;

    /// <summary>
    /// F, (D, C), of rows (M, D): F[j, c] is the sum over rows of class c of round-half-even(float32(x_j) s), s = float32(2^20) / float32(norm).
    /// The norm is an exact integer for bytes and a sequential float64 sum for float32. Rows of norm 0 are skipped and counted.
    /// </summary>
    /// <param name="rows">The rows; finite and at least 0.</param>
    /// <param name="labels">M classes, each from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">C.</param>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is out of range.</exception>
    /// <exception cref="OverflowException">A row's norm leaves float32's range, or a sum int64's.</exception>
    public static SufficientStatistics Accumulate(DenseRows rows, ReadOnlySpan<int> labels, int classes)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
        return rows.IsBytes
            ? Accumulate<byte, ByteValues>(rows.Bytes, rows.Inputs, labels, classes)
            : Accumulate<float, FloatValues>(rows.Floats, rows.Inputs, labels, classes);
    }

    private static unsafe SufficientStatistics Accumulate<T, TValues>(ReadOnlySpan<T> values, int inputs, ReadOnlySpan<int> labels, int classes)
        where T : unmanaged
        where TValues : IRowValues<T>
    {
        var counts = new long[checked(inputs * classes)];
        var classRows = new long[classes];
        long zeroRows = 0;
        var open = Math.Clamp(OpenBytes / Math.Max(1, inputs * sizeof(int)), 1, Math.Max(1, classes));
        var order = open < classes ? SortByClass(labels, classes) : [];
        fixed (T* first = values)
        {
            using var queues = new ClassQueues<T, TValues>(first, inputs, classes, open, counts, classRows);
            for (var i = 0; i < labels.Length; i++)
            {
                var row = order.Length == 0 ? i : order[i];
                var start = first + (nint)row * inputs;
                var factor = FactorOf(TValues.Norm(start, inputs), row);
                if (factor == 0)
                    zeroRows++;
                else
                    queues.Add(start, factor, labels[row]);
            }
            queues.CloseAll();
        }
        return Pack(inputs, classes, counts, classRows, zeroRows);
    }

    /// <summary>Row numbers, class by class: what lets a window of open classes move over them once.</summary>
    private static int[] SortByClass(ReadOnlySpan<int> labels, int classes)
    {
        var next = new int[classes + 1];
        foreach (var label in labels)
            next[label + 1]++;
        for (var c = 0; c < classes; c++)
            next[c + 1] += next[c];
        var order = new int[labels.Length];
        for (var row = 0; row < labels.Length; row++)
            order[next[labels[row]]++] = row;
        return order;
    }

    /// <summary>F kept whole, as inputs that were seen, with its totals.</summary>
    private static SufficientStatistics Pack(int inputs, int classes, long[] counts, long[] classRows, long zeroRows)
    {
        var mass = new long[classes];
        var seen = new int[inputs];
        var kept = 0;
        for (var input = 0; input < inputs; input++)
        {
            var row = counts.AsSpan(input * classes, classes);
            if (row.IndexOfAnyExcept(0) < 0)
                continue;
            for (var c = 0; c < classes; c++)
                mass[c] = checked(mass[c] + row[c]);
            if (kept < input)
                row.CopyTo(counts.AsSpan(kept * classes, classes));
            seen[kept++] = input;
        }
        if (kept < inputs)
        {
            Array.Resize(ref seen, kept);
            Array.Resize(ref counts, kept * classes);
        }
        return new SufficientStatistics(new CountTable(inputs, classes, seen, counts), classRows, mass, zeroRows);
    }

    /// <summary>The factor of a row, or 0 for a row of norm 0.</summary>
    /// <exception cref="OverflowException">The norm does not fit float32, or is so small that a factor does not.</exception>
    private static float FactorOf(double norm, int row) => norm == 0 ? 0 : FixedPoint.FactorOf(norm, row);
}
