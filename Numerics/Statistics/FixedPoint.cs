namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The fixed point of dense and sparse statistics (docs/math.md 1): a row of norm 1 is 2^20 units.</summary>
public static class FixedPoint
{
    /// <summary>2^20, the units of a whole row.</summary>
    public const int One = 1 << 20;

    /// <summary>The factor of a row's values: float32(2^20) / float32(norm).</summary>
    public static float ScaleOf(double norm) => One / (float)norm;

    /// <summary>q = round-half-even(float32(value) x scale): the product is exact in float64 and rounded once.</summary>
    public static int Quantise(float value, float scale) => (int)Math.Round((double)value * scale, MidpointRounding.ToEven);

    /// <summary>The factor of a row of norm above 0.</summary>
    /// <exception cref="OverflowException">The norm does not fit float32, or is so small that a factor does not.</exception>
    internal static float FactorOf(double norm, int row)
    {
        var factor = ScaleOf(norm);
        if (!(factor > 0 && float.IsFinite(factor)))
            throw new OverflowException($"row {row} has norm {norm:R}, which fixed-point statistics cannot hold; expected 1e-32 to 3e38: scale the values");
        return factor;
    }
}
