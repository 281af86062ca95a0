namespace ExplicitCluster.Numerics.Groups;

/// <summary>Settings of a solution by groups (docs/math.md 10).</summary>
/// <param name="Alpha">Smoothing of the first layer, in mean entries; above 0.</param>
/// <param name="PassAlpha">Smoothing of a scaling pass, in mean entries; above 0.</param>
/// <param name="Passes">Scaling passes after the first layer.</param>
/// <param name="Parts">Parts that a pass takes features in, one after another: input j belongs to part j mod so many.</param>
public sealed record GroupedSettings(double Alpha, double PassAlpha, int Passes, int Parts = 1);
