using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>SHA-256 of each of the tile's format blocks: of all rows, and of the rows outside each fold.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridTileHashes")]
public sealed record GridTileHashes(
    [property: Id(0)] ImmutableArray<string> Whole,
    [property: Id(1)] ImmutableArray<ImmutableArray<string>> Without);
