namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The order in which a worker sees its rows in an epoch: a Fisher-Yates shuffle by SplitMix64 of seed, worker and epoch.</summary>
internal static class SgdOrder
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Writes a permutation of 0 .. length - 1.</summary>
    public static void Fill(Span<int> order, ulong seed, int worker, int epoch)
    {
        var state = Mixed(Mixed(Mixed(seed + Golden) + (uint)worker + Golden) + (uint)epoch + Golden);
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            state += Golden;
            // The high half of a product spreads 64 bits over 0 .. i without a division.
            var j = (int)Math.BigMul(Mixed(state), (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
