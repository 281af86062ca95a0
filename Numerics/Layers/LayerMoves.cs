using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// How far a refinement moved a layer from its explicit solution (docs/math.md 12): what is added to the scores of windows. Zeros where nothing moved. A row is left
/// out of the explicit part as it always is, and of what sweeps moved by the mean of their steps.
/// </summary>
/// <param name="Values">
/// Nats of a mean score, row-major: of dense rows (D, C); of blocks a row for all codes of a block that were never seen, then one for each that was, ascending,
/// block by block.
/// </param>
/// <param name="Bias">Nats, (C): added once to the scores of every window that has a prior.</param>
public sealed record LayerMoves(double[] Values, double[] Bias)
{
    /// <summary>Of sweeps: how far a block moved along log((F + a) / (F̂ + a)), summed over sweeps, in nats of a mean score; otherwise 0.</summary>
    public double Step { get; init; }

    /// <summary>Of sweeps: a, above 0.</summary>
    public double StepAlpha { get; init; }

    /// <summary>Of dense rows.</summary>
    /// <param name="weights">New weights less the explicit ones, (D, C).</param>
    /// <param name="bias">The same of the bias, (C).</param>
    /// <param name="k">K of the explicit solution.</param>
    public static LayerMoves OfDense(double[] weights, double[] bias, double k) => new([.. weights.Select(weight => weight / k)], bias);

    /// <summary>Of blocks.</summary>
    /// <param name="compaction">The codes that were refined; every code seen is one of its own, but in blocks without two of them.</param>
    /// <param name="counts">F over all training rows.</param>
    /// <param name="weights">New weights less the explicit ones, (Cells, C).</param>
    /// <param name="bias">The same of the bias, (C).</param>
    /// <param name="k">K of the explicit solution.</param>
    public static LayerMoves OfBlocks(CodeCompaction compaction, CountTable counts, double[] weights, double[] bias, double k)
    {
        var (raw, classes, kept) = (compaction.Raw, counts.Classes, 0);
        var scale = raw.Blocks / k;
        var values = new double[((long)counts.Seen.Length + raw.Blocks) * classes];
        for (var (block, row, seen) = (0, 0, 0); block < raw.Blocks; block++)
        {
            var isKept = kept < compaction.Blocks && compaction.RawBlockOf(kept) == block;
            Write(row++, 0);
            for (; seen < counts.Seen.Length && counts.Seen[seen] < raw.BlockStart(block + 1); seen++)
                Write(row++, isKept ? compaction.CodesOf(kept)[counts.Seen[seen] - raw.BlockStart(block)] : 0);
            if (isKept)
                kept++;

            void Write(int to, int code)
            {
                for (var c = 0; isKept && c < classes; c++)
                    values[to * classes + c] = scale * weights[(compaction.Starts[kept] + code) * classes + c];
            }
        }
        return new LayerMoves(values, bias);
    }

    /// <summary>The same among more classes, of which the others did not move.</summary>
    /// <param name="columns">The class that each of these is.</param>
    /// <param name="classes">Classes in all.</param>
    public LayerMoves Among(IReadOnlyList<int> columns, int classes)
    {
        return this with { Values = Spread(Values), Bias = Spread(Bias) };

        double[] Spread(double[] values)
        {
            var spread = new double[values.Length / columns.Count * classes];
            for (var i = 0; i < values.Length; i++)
                spread[i / columns.Count * classes + columns[i % columns.Count]] = values[i];
            return spread;
        }
    }

    /// <summary>A value in the units of window scores.</summary>
    internal static long Units(double nats) => checked((long)Math.Round(nats * WindowScores.One, MidpointRounding.ToEven));
}
