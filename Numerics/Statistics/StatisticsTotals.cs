namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The totals of some rows' statistics.</summary>
/// <param name="ClassRows">Rows a class, rows of zero norm left out.</param>
/// <param name="ClassMass">T_c, the column sums of F, in fixed-point units.</param>
/// <param name="ZeroRows">Rows of zero norm, which carry no evidence.</param>
public sealed record StatisticsTotals(long[] ClassRows, long[] ClassMass, long ZeroRows);
