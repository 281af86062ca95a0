using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The order of blocks in a sweep and how it is cut into chunks: drawn from the numbers of the run and the sweep alone.</summary>
public static class SweepPlan
{
    /// <summary>The chunks of one sweep, as equal as can be, each a list of blocks.</summary>
    /// <param name="blocks">P.</param>
    /// <param name="blocksPerChunk">Most blocks in a chunk.</param>
    /// <param name="run">From 1.</param>
    /// <param name="sweep">From 1.</param>
    /// <param name="seed">Moves all orders; 1 gives the state 1000 x run + sweep.</param>
    public static int[][] ChunksOf(int blocks, int blocksPerChunk, int run, int sweep, long seed)
    {
        var order = OrderOf(blocks, unchecked((ulong)(seed - 1) * 0x9E3779B97F4A7C15 + 1000 * (ulong)run + (ulong)sweep));
        var chunks = new int[(blocks + blocksPerChunk - 1) / blocksPerChunk][];
        for (var k = 0L; k < chunks.Length; k++)
            chunks[k] = order[(int)(blocks * k / chunks.Length)..(int)(blocks * (k + 1) / chunks.Length)];
        return chunks;
    }

    /// <summary>0 to blocks - 1, shuffled from the top.</summary>
    public static int[] OrderOf(int blocks, ulong seed)
    {
        var numbers = new SplitMix64(seed);
        int[] order = [.. Enumerable.Range(0, blocks)];
        for (var i = blocks - 1; i > 0; i--)
        {
            var j = (int)(numbers.Next() % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
