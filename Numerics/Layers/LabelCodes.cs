using System.Numerics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Codes of b bits for the classes, drawn bit by bit from the most significant (docs/math.md 12): the classes are shuffled, those whose bits were equal so far are put next to each other, and along that
/// order they have 1 and 0 by turns. So every bit is 1 for half of the classes, one more where C is odd, and every b with 2^b at least C gives codes that differ.
/// </summary>
public static class LabelCodes
{
    /// <summary>A code a class, (C).</summary>
    /// <param name="classes">C, at least 1.</param>
    /// <param name="bits">1 to <see cref="LayerTargets.MostBits"/>.</param>
    /// <param name="seed">First state of SplitMix64.</param>
    /// <exception cref="FeatureException">Too few bits for so many classes.</exception>
    public static int[] Draw(int classes, int bits, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, LayerTargets.MostBits);
        var least = Math.Max(1, BitOperations.Log2((uint)Math.Max(1, classes - 1)) + (classes > 1 ? 1 : 0));
        if (bits < least)
            throw new FeatureException($"codes of {bits} bits tell {1 << bits} classes apart, and there are {classes}", least > LayerTargets.MostBits ? "use targets: labels" : $"set targets.code to {least} or more");
        var random = new SplitMix64(seed);
        var codes = new int[classes];
        var order = Enumerable.Range(0, classes).ToArray();
        for (var bit = 0; bit < bits; bit++)
        {
            for (var i = classes - 1; i > 0; i--)
            {
                var j = (int)(random.Next() % (ulong)(i + 1));
                (order[i], order[j]) = (order[j], order[i]);
            }
            var next = 1;
            foreach (var c in order.GroupBy(c => codes[c]).SelectMany(group => group).ToArray())
            {
                codes[c] = 2 * codes[c] + next;
                next = 1 - next;
            }
        }
        return codes;
    }
}
