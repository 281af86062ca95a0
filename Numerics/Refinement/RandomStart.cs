using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Small random weights to start from (docs/math.md 9): of rows scaled to norm 1 each weight is uniform in [-1/4, 1/4), so that scores differ by some tenths whatever
/// the encoding and the number of inputs. A function of the seed, the same bits on all hardware.
/// </summary>
public static class RandomStart
{
    /// <summary>The bound of a weight of rows that are scaled to norm 1.</summary>
    public const double Bound = 0.25;

    private const double UnitsPerOne = 1 << 23;

    /// <summary>
    /// Writes U, (R, C) row-major: the numbers of SplitMix64 of the seed in order, 24 bits of each, times s of docs/math.md 9. The bias is not random: it starts at 0.
    /// </summary>
    /// <param name="weights">U.</param>
    /// <param name="rows">Rows of the kind that steps are taken on, for s; there need not be any.</param>
    /// <param name="seed">The job's seed.</param>
    public static void Fill(Span<float> weights, SgdRows rows, ulong seed)
    {
        var numbers = new SplitMix64(seed);
        var unit = rows.Unit;
        foreach (ref var weight in weights)
            weight = (float)(((numbers.Next() >> 40) / UnitsPerOne - 1) * Bound * unit);
    }
}
