using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>Observed counts F of the compacted codes, padded to whole vectors: what every worker and reducer of a sweep reads.</summary>
public sealed class SweepCounts
{
    /// <summary>Classes that are worked on at once.</summary>
    internal const int Lanes = 4;

    private readonly double[] _padded;

    /// <param name="compaction">The codes.</param>
    /// <param name="counts">F over all training rows before compaction, (D, C).</param>
    public SweepCounts(CodeCompaction compaction, CountTable counts)
    {
        (Compaction, Classes, Stride) = (compaction, counts.Classes, StrideOf(counts.Classes));
        var folded = compaction.Fold(counts);
        _padded = new double[(long)compaction.Cells * Stride];
        for (var cell = 0; cell < compaction.Cells; cell++)
        {
            for (var c = 0; c < Classes; c++)
                _padded[cell * Stride + c] = folded[cell * Classes + c];
        }
    }

    public CodeCompaction Compaction { get; }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>Numbers from one cell to the next.</summary>
    internal int Stride { get; }

    /// <summary>(Cells, Stride), row-major; zeros beyond C.</summary>
    internal ReadOnlySpan<double> Padded => _padded;

    /// <summary>Rows of class c with the code that is the cell.</summary>
    public long this[int cell, int c] => (long)_padded[cell * Stride + c];

    /// <summary>Bytes held for so many cells.</summary>
    public static long BytesFor(long cells, int classes) => cells * StrideOf(classes) * sizeof(double);

    internal static int StrideOf(int classes) => (classes + Lanes - 1) / Lanes * Lanes;
}
