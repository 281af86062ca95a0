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
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is out of range.</exception>
    /// <exception cref="OverflowException">A row's norm leaves float32's range, or a sum int64's.</exception>
    public static SufficientStatistics Accumulate(SparseRows rows, SparseScale scale, ReadOnlySpan<int> labels, int classes)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
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
