using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Mixed;

/// <summary>What some rows are in one group: dense or blocks.</summary>
public sealed record GroupRows(DenseRows? Dense, BlockRows? Blocks)
{
    public int Count => Dense?.Count ?? Blocks!.Count;
}
