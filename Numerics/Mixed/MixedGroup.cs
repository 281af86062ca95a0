using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Mixed;

/// <summary>The statistics of one group of a mixed row, dense or blocks.</summary>
/// <param name="Layout">Its layout.</param>
/// <param name="Counts">F over all training rows.</param>
/// <param name="Totals">Class totals over all training rows.</param>
/// <param name="ZeroRows">Training rows that have norm 0 in the group, and so no part in it.</param>
public sealed record MixedGroup(RowLayout Layout, CountTable Counts, ClassTotals Totals, long ZeroRows)
{
    /// <summary>The group whose class totals the prior is of: that which most rows have a part in, the first of such.</summary>
    public static int PriorOf(IReadOnlyList<long> zeroRows)
    {
        var least = 0;
        for (var group = 1; group < zeroRows.Count; group++)
            least = zeroRows[group] < zeroRows[least] ? group : least;
        return least;
    }
}
