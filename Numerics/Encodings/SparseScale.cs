using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// What a sparse row's values are multiplied by: 1 / |x|_1 over all groups (docs/math.md 1), or in every group (number of the row's features in it)^-rho
/// (docs/math.md 11).
/// </summary>
public sealed class SparseScale
{
    private const int Powers = 1024;
    private const int MostScaled = 2047;

    private readonly double? _rho;
    private readonly double[] _powers = [];

    private SparseScale(double? rho)
    {
        _rho = rho;
        if (rho is not null)
            _powers = [.. Enumerable.Range(0, Powers).Select(Power)];
    }

    /// <summary>Rows of norm 1.</summary>
    public static SparseScale Norm { get; } = new(null);

    /// <summary>Values as they are.</summary>
    public static SparseScale AsTheyAre { get; } = new(0);

    /// <summary>Whether groups are scaled each by itself.</summary>
    public bool IsByGroup => _rho is not null;

    /// <summary>Every group by itself.</summary>
    /// <param name="rho">0 leaves values as they are, 1 makes every group's sum of a binary row 1.</param>
    public static SparseScale ByGroup(double rho) => new(rho);

    /// <summary>The factor of a group of <paramref name="features"/> of a row, where groups are scaled each by itself.</summary>
    public double OfGroup(int features) => features < Powers ? _powers[features] : Power(features);

    /// <summary>The same in multiples of 2^-20, as it enters sums over rows.</summary>
    public double RoundedOfGroup(int features) => Math.Round(OfGroup(features) * FixedPoint.One, MidpointRounding.ToEven) / FixedPoint.One;

    /// <summary>Writes the scaled values of a row in units of 2^-20, an entry each. False for a row without evidence.</summary>
    /// <exception cref="OverflowException">The row's norm leaves float32's range, or a scaled value 2,047.</exception>
    public bool Units(SparseRows rows, int row, Span<int> units)
    {
        var (start, end) = (rows.Starts[row], rows.Starts[row + 1]);
        if (_rho is null)
        {
            var norm = rows.NormOf(row);
            if (norm == 0)
                return false;
            var factor = FixedPoint.FactorOf(norm, row);
            for (var i = start; i < end; i++)
                units[i - start] = FixedPoint.Quantise(rows.Values[i], factor);
            return true;
        }
        for (int group = 0, from = start; from < end; group++)
        {
            var to = rows.EndOfGroup(group, from, end);
            var factor = OfGroup(to - from);
            for (; from < to; from++)
            {
                var scaled = rows.Values[from] * factor;
                if (scaled > MostScaled)
                    throw new OverflowException($"a value of {rows.Values[from]:R}, where values are not scaled to norm 1, is above {MostScaled}");
                units[from - start] = (int)Math.Round(scaled * FixedPoint.One, MidpointRounding.ToEven);
            }
        }
        return end > start;
    }

    private double Power(int features) => SameBits.Exp(-_rho!.Value * SameBits.Log(Math.Max(1, features)));
}
