using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>SHA-256 of each of the tile's format blocks, in order, as hexadecimal digits.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TileHashes")]
public sealed record TileHashes([property: Id(0)] ImmutableArray<string> Blocks);
