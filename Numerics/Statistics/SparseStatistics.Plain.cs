using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

public static partial class SparseStatistics
{
    /// <summary>What <see cref="Accumulate"/> does on rows of norm 1, over every cell; equal to it.</summary>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is out of range.</exception>
    public static SufficientStatistics AccumulatePlain(SparseRows rows, ReadOnlySpan<int> labels, int classes)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
        var (inputs, cells) = (rows.Layout.Inputs, new SortedDictionary<int, long[]>());
        var (classRows, classMass) = (new long[classes], new long[classes]);
        long zeroRows = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            double norm = 0;
            for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                norm += rows.Values[i];
            if (norm == 0)
            {
                zeroRows++;
                continue;
            }
            classRows[labels[row]]++;
            for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                var units = FixedPoint.Quantise(rows.Values[i], FixedPoint.ScaleOf(norm));
                if (!cells.TryGetValue(rows.Indices[i], out var cell))
                    cells[rows.Indices[i]] = cell = new long[classes];
                cell[labels[row]] += units;
                classMass[labels[row]] += units;
            }
        }
        return new SufficientStatistics(
            new CountTable(inputs, classes, [.. cells.Keys], [.. cells.Values.SelectMany(cell => cell)]), classRows, classMass, zeroRows);
    }
}
