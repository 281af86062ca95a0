using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Tuples of different windows, drawn by SplitMix64: a draw is the next number modulo the number of windows; one that the tuple has already is drawn
/// again; the order is kept (docs/math.md 12).
/// </summary>
public static class WindowTuples
{
    /// <summary>Tuples of <paramref name="size"/> windows each.</summary>
    /// <param name="windows">Number of windows.</param>
    /// <param name="size">Windows of a tuple, at least 1.</param>
    /// <param name="count">Number of tuples, at least 1.</param>
    /// <param name="seed">First state of the generator.</param>
    /// <exception cref="FeatureException">A tuple needs more windows than there are.</exception>
    public static int[][] Draw(int windows, int size, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (size > windows)
        {
            throw new FeatureException(
                $"tuples of {size} windows, and the layer has {windows}",
                "use a smaller tuples.size, or more windows: smaller ones or a smaller stride");
        }
        var random = new SplitMix64(seed);
        var tuples = new int[count][];
        for (var i = 0; i < count; i++)
        {
            var tuple = tuples[i] = new int[size];
            for (var j = 0; j < size;)
            {
                tuple[j] = (int)(random.Next() % (ulong)windows);
                if (!tuple.AsSpan(0, j).Contains(tuple[j]))
                    j++;
            }
        }
        return tuples;
    }
}
