using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;

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

    /// <summary>Checks that the counts of any chunk fit into one array.</summary>
    /// <param name="compaction">The codes of all blocks.</param>
    /// <param name="blocksPerChunk">Most blocks in a chunk.</param>
    /// <param name="classes">C.</param>
    /// <exception cref="FeatureException">Those of the largest blocks together do not.</exception>
    public static void Check(CodeCompaction compaction, int blocksPerChunk, int classes)
    {
        var cells = Enumerable.Range(0, compaction.Blocks).Select(block => (long)compaction.Layout.BlockSize(block)).OrderDescending().Take(blocksPerChunk).Sum();
        if (cells * classes * sizeof(long) <= Array.MaxLength)
            return;
        throw new FeatureException(
            $"a chunk of {Math.Min(blocksPerChunk, compaction.Blocks)} blocks can have {cells:N0} codes; their counts of {classes:N0} classes take {cells * classes * sizeof(long):N0} bytes, and {Array.MaxLength:N0} are the most",
            "lower refine.blocksPerChunk, raise compact, or use smaller windows or fewer levels");
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
