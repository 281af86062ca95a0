namespace ExplicitCluster.Numerics.Solution;

/// <summary>What turns statistics into an explicit solution (docs/math.md 2).</summary>
/// <param name="K">Effective number of independent features, the inverse temperature; above 0, but for a group of mixed rows (docs/math.md 13).</param>
/// <param name="Alpha">Smoothing of F in units of whole counts; at least 0.</param>
/// <param name="Beta">Smoothing of the class prior in rows; at least 0.</param>
public sealed record SolveSettings(double K, double Alpha, double Beta);
