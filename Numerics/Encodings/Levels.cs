using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Thresholds that turn a value into a level: the number of thresholds at or below it.</summary>
internal sealed class Levels
{
    private readonly double[] _thresholds;
    private readonly byte[] _levelOfByte = new byte[256];

    /// <summary>The least byte at or above each threshold that has one.</summary>
    private readonly byte[] _byteThresholds;

    /// <summary>So many comparisons of vectors are faster than a look into a table for every byte.</summary>
    private const int FewThresholds = 24;

    /// <exception cref="FeatureException">No threshold, more than 255, or thresholds that do not ascend.</exception>
    public Levels(string map, IReadOnlyList<double> thresholds)
    {
        if (thresholds.Count is 0 or > 255)
            throw new FeatureException($"the map '{map}' has {thresholds.Count} levels", "give 1 to 255 ascending thresholds, e.g. levels: [32, 128]");
        for (var i = 1; i < thresholds.Count; i++)
        {
            if (!(thresholds[i] > thresholds[i - 1]))
                throw new FeatureException($"the levels of map '{map}' do not ascend at {thresholds[i]}", "sort them and remove repeats");
        }
        _thresholds = [.. thresholds];
        _byteThresholds = [.. thresholds.Where(threshold => threshold <= byte.MaxValue).Select(threshold => (byte)Math.Max(0, Math.Ceiling(threshold)))];
        for (var value = 0; value < 256; value++)
            _levelOfByte[value] = Of(value);
    }

    /// <summary>Number of distinct levels: thresholds + 1.</summary>
    public int Count => _thresholds.Length + 1;

    /// <summary>Replaces bytes by their levels.</summary>
    public void Replace(Span<byte> values)
    {
        var i = 0;
        if (_thresholds.Length <= FewThresholds)
        {
            for (; i + Vector256<byte>.Count <= values.Length; i += Vector256<byte>.Count)
            {
                var value = Vector256.LoadUnsafe(ref values[i]);
                var level = Vector256<byte>.Zero;
                foreach (var threshold in _byteThresholds)
                    level -= Vector256.GreaterThanOrEqual(value, Vector256.Create(threshold)); // all bits are -1
                level.StoreUnsafe(ref values[i]);
            }
        }
        for (; i < values.Length; i++)
            values[i] = _levelOfByte[values[i]];
    }

    public byte Of(double value)
    {
        var level = 0;
        while (level < _thresholds.Length && _thresholds[level] <= value)
            level++;
        return (byte)level;
    }

    /// <summary>The definition of a level, for the plain encoders.</summary>
    public static int OfPlain(IReadOnlyList<double> thresholds, double value) => thresholds.Count(threshold => threshold <= value);

    /// <summary>Refuses values that have no level; bytes always have one.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public static void Check(RawRows rows)
    {
        if (!rows.Shape.IsBytes)
            ValueCheck.FiniteAndNotNegative(rows);
    }
}
