namespace ExplicitCluster.Numerics.Selection;

/// <summary>The settings of a grid: every group of maps with every prior, alpha and K (docs/math.md 4).</summary>
/// <param name="Groups">Groups of maps, each the ascending indices of its maps.</param>
/// <param name="Priors">Ways to form the class prior.</param>
/// <param name="Alphas">Smoothing of the counts, ascending, each above 0.</param>
/// <param name="Ks">Candidates for K, ascending.</param>
public sealed record GridSettings(IReadOnlyList<int[]> Groups, IReadOnlyList<PriorSetting> Priors, IReadOnlyList<double> Alphas, IReadOnlyList<double> Ks)
{
    /// <summary>Alphas that share a vector.</summary>
    internal const int Lanes = 8;

    public int Count => Groups.Count * Priors.Count * Alphas.Count * Ks.Count;

    /// <summary>Vectors that all alphas fill.</summary>
    internal int AlphaGroups => (Alphas.Count + Lanes - 1) / Lanes;

    /// <summary>The place of a setting: groups, priors, alphas, Ks, row-major.</summary>
    public int IndexOf(int group, int prior, int alpha, int k) => ((group * Priors.Count + prior) * Alphas.Count + alpha) * Ks.Count + k;

    /// <summary>The alphas of a vector; what is left of the last one is 1.</summary>
    internal double[] AlphasOf(int alphaGroup) =>
        [.. Enumerable.Range(alphaGroup * Lanes, Lanes).Select(alpha => alpha < Alphas.Count ? Alphas[alpha] : 1)];
}
