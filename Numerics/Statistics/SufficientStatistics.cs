namespace ExplicitCluster.Numerics.Statistics;

/// <summary>What one pass over rows leaves behind: F and the totals of its classes (docs/math.md 1). They add up over disjoint rows.</summary>
/// <param name="Counts">F, in fixed-point units.</param>
/// <param name="ClassRows">Rows a class, rows of zero norm left out.</param>
/// <param name="ClassMass">T_c, the column sums of F, in fixed-point units.</param>
/// <param name="ZeroRows">Rows of zero norm, which carry no evidence.</param>
public sealed record SufficientStatistics(CountTable Counts, long[] ClassRows, long[] ClassMass, long ZeroRows)
{
    /// <summary>All but F.</summary>
    public StatisticsTotals Totals => new(ClassRows, ClassMass, ZeroRows);
}
