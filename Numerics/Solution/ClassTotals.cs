using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Solution;

/// <summary>Totals of the classes over all rows with evidence, exact integers.</summary>
/// <param name="Rows">Rows a class.</param>
/// <param name="Mass">T_c, the column sums of F, in fixed-point units.</param>
public sealed record ClassTotals(long[] Rows, long[] Mass)
{
    public int Classes => Rows.Length;

    /// <summary>Evidence a class in whole rows: n_c for blocks, T_c / 2^20 for dense rows. (C)</summary>
    public double[] Evidence(RowLayout layout)
    {
        var evidence = new double[Classes];
        for (var c = 0; c < Classes; c++)
            evidence[c] = layout.Kind == EncodingKind.Blocks ? Rows[c] : (double)Mass[c] / FixedPoint.One;
        return evidence;
    }
}
