using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Some encoded rows, dense, blocks or sparse, and their classes.</summary>
internal sealed record EncodedChunk(DenseRows? Dense, BlockRows? Blocks, int[] Classes)
{
    /// <summary>Rows of texts.</summary>
    public SparseRows? Sparse { get; init; }

    /// <summary>A weight a row; null where every row weighs 1.</summary>
    public float[]? Weights { get; init; }

    public int Rows => Sparse?.Count ?? Dense?.Count ?? Blocks!.Count;
}
