using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

public static partial class DenseStatistics
{
    /// <summary>What <see cref="Accumulate(DenseRows, ReadOnlySpan{int}, int)"/> does, one value after another; equal to it in every cell.</summary>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is out of range.</exception>
    /// <exception cref="OverflowException">A row's norm leaves float32's range, or a sum int64's.</exception>
    public static SufficientStatistics AccumulatePlain(DenseRows rows, ReadOnlySpan<int> labels, int classes)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
        var counts = new long[checked(rows.Inputs * classes)];
        var classRows = new long[classes];
        long zeroRows = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            double norm = 0;
            for (var input = 0; input < rows.Inputs; input++)
                norm += ValueOf(rows, row, input);
            if (norm == 0)
            {
                zeroRows++;
                continue;
            }
            var factor = FactorOf(norm, row);
            classRows[labels[row]]++;
            for (var input = 0; input < rows.Inputs; input++)
            {
                ref var cell = ref counts[input * classes + labels[row]];
                cell = checked(cell + FixedPoint.Quantise(ValueOf(rows, row, input), factor));
            }
        }
        return Pack(rows.Inputs, classes, counts, classRows, zeroRows);
    }

    private static float ValueOf(DenseRows rows, int row, int input) =>
        rows.IsBytes ? rows.Bytes[row * rows.Inputs + input] : rows.Floats[row * rows.Inputs + input];
}
