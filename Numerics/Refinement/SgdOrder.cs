using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The order in which a worker sees its rows in an epoch: a Fisher-Yates shuffle by SplitMix64 of seed, worker and epoch.</summary>
internal static class SgdOrder
{
    /// <summary>Writes a permutation of 0 .. length - 1.</summary>
    public static void Fill(Span<int> order, ulong seed, int worker, int epoch)
    {
        var numbers = new SplitMix64(First(First(First(seed) + (uint)worker) + (uint)epoch));
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            // The high half of a product spreads 64 bits over 0 .. i without a division.
            var j = (int)Math.BigMul(numbers.Next(), (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private static ulong First(ulong seed) => new SplitMix64(seed).Next();
}
