using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Numerics.Tests.Refinement;

/// <summary>Workers' rows for tests.</summary>
internal static class SgdRowsOf
{
    public static SgdDenseRows Dense(DenseRows rows, int[] labels, int classes, int problems = 1)
    {
        var all = new SgdDenseRows(rows.Inputs, rows.IsBytes, classes) { Problems = problems };
        all.Append(rows, 0, labels);
        return all;
    }

    public static SgdSparseRows Sparse(SparseRows rows, int[] labels, int classes, int problems = 1)
    {
        var all = new SgdSparseRows(rows.Layout, keepsNorms: false, classes) { Problems = problems };
        all.Append(rows, 0, labels);
        return all;
    }

    /// <summary>Of every block the first half of the codes has a row of weights each, and the others share one.</summary>
    public static SgdBlockRows Blocks(BlockRows rows, int[] labels, int classes, int problems = 1)
    {
        var layout = rows.Layout;
        var rowOfInput = new int[layout.Inputs];
        var next = 0;
        for (var block = 0; block < layout.Blocks; block++)
        {
            var own = (layout.BlockSize(block) + 1) / 2;
            for (var code = 0; code < layout.BlockSize(block); code++)
                rowOfInput[layout.BlockStart(block) + code] = next + Math.Min(code, own);
            next += own + 1;
        }
        var all = new SgdBlockRows(layout, rowOfInput, next, classes) { Problems = problems };
        all.Append(rows, 0, labels);
        return all;
    }

    /// <summary>Numbers of at most half this size.</summary>
    public static float[] Noise(Random random, int count, double size)
    {
        var noise = new float[count];
        foreach (ref var value in noise.AsSpan())
            value = (float)((random.NextDouble() - 0.5) * size);
        return noise;
    }
}
