namespace ExplicitCluster.Numerics.Selection;

/// <summary>How the class prior is formed.</summary>
/// <param name="IsUniform">Whether all classes are as likely; otherwise as often as they were seen.</param>
/// <param name="Beta">Smoothing of a prior that was seen, in rows; at least 0.</param>
public sealed record PriorSetting(bool IsUniform, double Beta);
