namespace ExplicitCluster.Numerics.Metrics;

/// <summary>
/// Sums of losses and probabilities as integers in units of 2^-40, so that no order and no sharding of the rows changes a bit. A value is
/// rounded half to even; values of 2^80 and more, infinities and NaN are refused.
/// </summary>
public static class ExactSum
{
    private const double UnitsPerOne = 1L << 40;

    /// <exception cref="OverflowException">The value is not finite or too large.</exception>
    public static Int128 Units(double value)
    {
        if (!(Math.Abs(value) < 1e24))
            throw new OverflowException($"a loss of {value} cannot be summed: a class has probability 0; raise solve.alpha or solve.beta");
        var units = Math.Round(value * UnitsPerOne, MidpointRounding.ToEven);
        return Math.Abs(units) < 1L << 62 ? (long)units : (Int128)units; // the first is quicker
    }

    /// <summary>The mean over <paramref name="rows"/> rows; NaN for none.</summary>
    public static double Mean(Int128 units, long rows) => rows == 0 ? double.NaN : (double)units / UnitsPerOne / rows;
}
