using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

public static partial class BlockStatistics
{
    /// <summary>What <see cref="Accumulate"/> does, one code after another; equal to it in every cell.</summary>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label or a code is out of range.</exception>
    public static SufficientStatistics AccumulatePlain(BlockRows rows, ReadOnlySpan<int> labels, int classes)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
        var counts = new SortedDictionary<int, long[]>();
        for (var block = 0; block < rows.Layout.Blocks; block++)
        {
            var codes = rows.Block(block);
            for (var row = 0; row < codes.Length; row++)
            {
                if (codes[row] >= rows.Layout.BlockSize(block))
                    throw new ArgumentException($"row {row} has code {codes[row]} in block {block}, expected 0 to {rows.Layout.BlockSize(block) - 1}", nameof(rows));
                var input = rows.Layout.BlockStart(block) + codes[row];
                if (!counts.TryGetValue(input, out var cells))
                    counts.Add(input, cells = new long[classes]);
                cells[labels[row]]++;
            }
        }
        var table = new CountTable(rows.Layout.Inputs, classes, [.. counts.Keys], [.. counts.Values.SelectMany(cells => cells)]);
        var (classRows, classMass) = TotalsOf(labels, classes, rows.Layout.Blocks);
        return new SufficientStatistics(table, classRows, classMass, 0);
    }
}
