using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Some encoded rows, dense or blocks, and their classes.</summary>
internal sealed record EncodedChunk(DenseRows? Dense, BlockRows? Blocks, int[] Classes);
