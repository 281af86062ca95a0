using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>Statistics of sparse rows in fixed point (docs/math.md 1).</summary>
public static partial class SparseStatistics
{
    /// <summary>
    /// F, (D, C), of rows (M, D): F[j, c] is the sum over rows of class c of the scaled value of input j in units of 2^-20, rounded half to even.
    /// Rows without an entry are skipped and counted. Time and memory follow entries and inputs seen.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scale">What values are multiplied by.</param>
    /// <param name="labels">M classes, each from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">C.</param>
    /// <param name="weights">M weights of at least 0, rounded to multiples of 2^-20; none where every row weighs 1.</param>
    /// <exception cref="ArgumentException">Labels or weights and rows differ in number, or a label is out of range.</exception>
    /// <exception cref="OverflowException">A row's norm leaves float32's range, or a sum int64's.</exception>
    public static SufficientStatistics Accumulate(SparseRows rows, SparseScale scale, ReadOnlySpan<int> labels, int classes, ReadOnlySpan<float> weights = default)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
        if (!weights.IsEmpty && weights.Length != rows.Count)
            throw new ArgumentException($"{rows.Count} rows have {weights.Length} weights; expected one a row, or none", nameof(weights));
        var (seen, rowOf) = Seen(rows);
        var counts = new long[checked((long)seen.Length * classes)];
        var (classRows, classMass) = (new long[classes], new long[classes]);
        long zeroRows = 0;
        var units = new int[LongestRow(rows)];
        for (var row = 0; row < rows.Count; row++)
        {
            if (!scale.Units(rows, row, units))
            {
                zeroRows++;
                continue;
            }
            var label = labels[row];
            var (start, end) = (rows.Starts[row], rows.Starts[row + 1]);
            if (!weights.IsEmpty)
                Weigh(units.AsSpan(0, end - start), weights[row]);
            long mass = 0;
            for (var i = start; i < end; i++)
            {
                ref var cell = ref counts[(long)rowOf[rows.Indices[i]] * classes + label];
                cell = checked(cell + units[i - start]);
                mass += units[i - start];
            }
            classRows[label]++;
            classMass[label] = checked(classMass[label] + mass);
        }
        return new SufficientStatistics(new CountTable(rows.Layout.Inputs, classes, seen, counts), classRows, classMass, zeroRows);
    }

    private static void Weigh(Span<int> units, float weight)
    {
        var rounded = Math.Round((double)weight * FixedPoint.One, MidpointRounding.ToEven);
        foreach (ref var unit in units)
            unit = checked((int)Math.Round(unit * rounded / FixedPoint.One, MidpointRounding.ToEven));
    }

    /// <summary>The inputs with an entry, ascending, and the place of each among them.</summary>
    internal static (int[] Seen, int[] RowOf) Seen(SparseRows rows)
    {
        var rowOf = new int[rows.Layout.Inputs];
        foreach (var input in rows.Indices)
            rowOf[input] = 1;
        var kept = 0;
        for (var input = 0; input < rowOf.Length; input++)
            kept += rowOf[input];
        var seen = new int[kept];
        kept = 0;
        for (var input = 0; input < rowOf.Length; input++)
        {
            if (rowOf[input] == 0)
                continue;
            rowOf[input] = kept;
            seen[kept++] = input;
        }
        return (seen, rowOf);
    }

    internal static int LongestRow(SparseRows rows)
    {
        var longest = 0;
        for (var row = 0; row < rows.Count; row++)
            longest = Math.Max(longest, rows.Starts[row + 1] - rows.Starts[row]);
        return longest;
    }
}
