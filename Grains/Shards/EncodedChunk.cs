using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Some encoded rows, dense, blocks or sparse, and their classes.</summary>
internal sealed record EncodedChunk(DenseRows? Dense, BlockRows? Blocks, int[] Classes)
{
    /// <summary>Rows of texts.</summary>
    public SparseRows? Sparse { get; init; }

    /// <summary>The rows as they were read; of rows of numbers alone.</summary>
    public RawRows? Raw { get; init; }

    /// <summary>A weight a row; null where every row weighs 1.</summary>
    public float[]? Weights { get; init; }

    public int Rows => Sparse?.Count ?? Dense?.Count ?? Blocks!.Count;

    /// <summary>Counts the rows.</summary>
    public void AddTo(StatisticsSum sum)
    {
        if (Dense is not null)
            sum.Add(DenseStatistics.Accumulate(Dense, Classes, sum.Classes));
        else
            sum.Add(Blocks!, Classes);
    }
}
