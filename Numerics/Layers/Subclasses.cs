using System.IO.Hashing;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Sub-classes of the rows that a layer learns from (docs/math.md 12): hard expectation maximisation in closed form. A row begins in the sub-class of its class that XxHash3-64 of its raw bytes gives, mod S.
/// A pass moves it to the one under whose statistics, those of the pass before, all of the row scores best, the row itself left out of where it was; ties go to the lowest. So a row's sub-class is a
/// function of the row, its class and the tables of all passes, and it is computed anew wherever it is needed. Safe for concurrent use.
/// </summary>
/// <param name="count">S, sub-classes a class.</param>
/// <param name="seed">Seed of the hash.</param>
/// <param name="passes">Scores under the statistics of each pass, the start's first: columns <c>class x S + sub-class</c>, of rows as the layer's are.</param>
public sealed class Subclasses(int count, long seed, IReadOnlyList<ILayerScores> passes)
{
    /// <summary>S.</summary>
    public int Count => count;

    /// <summary>What every row counts as after all passes, <c>class x S + sub-class</c>.</summary>
    /// <param name="raw">Raw rows.</param>
    /// <param name="rows">The same as the layer's own rows.</param>
    /// <param name="classes">The class of each.</param>
    public int[] Of(RawRows raw, BlockRows rows, ReadOnlySpan<int> classes) => Of<BlockRows>(raw, rows, classes);

    /// <inheritdoc cref="Of(RawRows, BlockRows, ReadOnlySpan{int})"/>
    public int[] Of(RawRows raw, DenseRows rows, ReadOnlySpan<int> classes) => Of<DenseRows>(raw, rows, classes);

    /// <inheritdoc cref="Of(RawRows, BlockRows, ReadOnlySpan{int})"/>
    public int[] Of(RawRows raw, SparseRows rows, ReadOnlySpan<int> classes) => Of<SparseRows>(raw, rows, classes);

    private int[] Of<TRows>(RawRows raw, TRows rows, ReadOnlySpan<int> classes)
    {
        var targets = new int[raw.Count];
        for (var m = 0; m < targets.Length; m++)
            targets[m] = classes[m] * count + (int)(XxHash3.HashToUInt64(raw.Row(m), seed) % (ulong)count);
        var sums = new long[targets.Length * count];
        foreach (var pass in passes)
        {
            ((IWholeScores<TRows>)pass).Sum(rows, targets, count, sums);
            for (var m = 0; m < targets.Length; m++)
                targets[m] = classes[m] * count + BestOf(sums.AsSpan(m * count, count));
        }
        return targets;
    }

    private static int BestOf(ReadOnlySpan<long> sums)
    {
        var best = 0;
        for (var s = 1; s < sums.Length; s++)
        {
            if (sums[s] > sums[best])
                best = s;
        }
        return best;
    }
}
