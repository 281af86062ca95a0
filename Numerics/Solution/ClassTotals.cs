using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Solution;

/// <summary>Totals of the classes over all rows with evidence, exact integers.</summary>
/// <param name="Rows">Rows a class.</param>
/// <param name="Mass">T_c, the column sums of F, in fixed-point units.</param>
public sealed record ClassTotals(long[] Rows, long[] Mass)
{
    public int Classes => Rows.Length;

    /// <summary>(C) what every class's counts are multiplied by in the solve, each above 0; null where nothing is.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Evidence a class in whole rows, times its weight: n_c for blocks, T_c / 2^20 for the others. (C)</summary>
    public double[] Evidence(RowLayout layout)
    {
        var evidence = new double[Classes];
        for (var c = 0; c < Classes; c++)
            evidence[c] = (layout.Kind == EncodingKind.Blocks ? Rows[c] : (double)Mass[c] / FixedPoint.One) * (Weights?[c] ?? 1);
        return evidence;
    }

    /// <summary>The weights with which all classes that have evidence have the same, and all together what they have: N / (C n_c).</summary>
    public double[] Balanced(RowLayout layout) => Balanced(Evidence(layout));

    /// <summary>As the other, for classes that weigh by their rows.</summary>
    public double[] BalancedByRows() => Balanced([.. Rows.Select(rows => (double)rows)]);

    private static double[] Balanced(double[] evidence)
    {
        var each = evidence.Sum() / evidence.Count(t => t > 0);
        return [.. evidence.Select(t => t > 0 ? each / t : 1)];
    }
}
