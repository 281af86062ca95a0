using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>Evidence of dense rows in whole rows, over all of them and over those outside each fold.</summary>
public sealed class DenseFoldTables
{
    /// <param name="layout">Layout of the rows.</param>
    /// <param name="whole">F over all rows.</param>
    /// <param name="folds">F over each fold's rows.</param>
    public DenseFoldTables(RowLayout layout, CountTable whole, IReadOnlyList<CountTable> folds)
    {
        (Layout, Classes) = (layout, whole.Classes);
        var all = CountsOf(whole);
        Tables = new double[folds.Count + 1][];
        Tables[0] = EvidenceOf(all);
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var part = CountsOf(folds[fold]);
            for (var i = 0; i < part.Length; i++)
                part[i] = all[i] - part[i];
            Tables[1 + fold] = EvidenceOf(part);
        }
    }

    public RowLayout Layout { get; }

    internal int Classes { get; }

    /// <summary>(D, C), row-major: of all rows, then without fold 0, without fold 1 and so on.</summary>
    internal double[][] Tables { get; }

    private long[] CountsOf(CountTable table)
    {
        var counts = new long[checked(Layout.Inputs * Classes)];
        for (var i = 0; i < table.Seen.Length; i++)
            table.Row(i).CopyTo(counts.AsSpan(table.Seen[i] * Classes));
        return counts;
    }

    private static double[] EvidenceOf(long[] counts) => Array.ConvertAll(counts, count => (double)count / FixedPoint.One);
}
