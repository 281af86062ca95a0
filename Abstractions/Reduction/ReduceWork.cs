using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>A run of inputs of one feature map, with all their classes.</summary>
/// <param name="FirstInput">The run's first input in the row.</param>
/// <param name="Inputs">Its length.</param>
/// <param name="MapFirstInput">The first input of its map: cells are hashed with numbers from 0 in each map.</param>
[GenerateSerializer, Immutable, Alias("explicit.Tile")]
public sealed record Tile(
    [property: Id(0)] int FirstInput,
    [property: Id(1)] int Inputs,
    [property: Id(2)] int MapFirstInput);

/// <summary>Sum one tile over the shards, in this order, under one numbering of the labels.</summary>
[GenerateSerializer, Immutable, Alias("explicit.ReduceWork")]
public sealed record ReduceWork(
    [property: Id(0)] ImmutableArray<string> ShardStatistics,
    [property: Id(1)] MergedStatistics Merged,
    [property: Id(2)] int TileIndex);

/// <summary>SHA-256 of each of the tile's format blocks, in order, as hexadecimal digits.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TileHashes")]
public sealed record TileHashes([property: Id(0)] ImmutableArray<string> Blocks);

/// <summary>The merged statistics: where their tiles are, and the totals of the classes.</summary>
/// <param name="Name">Folder of the tiles in the store; tile i is <c>Name/tile-i</c>.</param>
/// <param name="Labels">Labels of all shards in ordinal order: the numbering of classes.</param>
/// <param name="Tiles">The tiles in order.</param>
/// <param name="Inputs">Inputs over all maps, seen or not.</param>
/// <param name="ClassRows">Rows a class.</param>
/// <param name="ClassMass">Column sums of F, fixed-point units.</param>
/// <param name="ZeroRows">Rows of zero norm.</param>
[GenerateSerializer, Immutable, Alias("explicit.MergedStatistics")]
public sealed record MergedStatistics(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<string> Labels,
    [property: Id(2)] ImmutableArray<Tile> Tiles,
    [property: Id(3)] int Inputs,
    [property: Id(4)] ImmutableArray<long> ClassRows,
    [property: Id(5)] ImmutableArray<long> ClassMass,
    [property: Id(6)] long ZeroRows)
{
    public string TileName(int tile) => $"{Name}/tile-{tile:D4}";
}

/// <summary>SHA-256 of the artifact that a solved tile was written to.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TileWeights")]
public sealed record TileWeights([property: Id(0)] string Sha256);

/// <summary>Turn one tile of the merged statistics into weights.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SolveWork")]
public sealed record SolveWork(
    [property: Id(0)] MergedStatistics Merged,
    [property: Id(1)] int TileIndex,
    [property: Id(2)] RowLayoutKey Layout,
    [property: Id(3)] double K,
    [property: Id(4)] double Alpha,
    [property: Id(5)] double Beta,
    [property: Id(6)] string WeightsName);

/// <summary>What determines the layout of an encoded row: the feature maps and the shape of a raw row.</summary>
[GenerateSerializer, Immutable, Alias("explicit.RowLayoutKey")]
public sealed record RowLayoutKey(
    [property: Id(0)] ImmutableArray<FeatureMapSpecification> Features,
    [property: Id(1)] int Columns,
    [property: Id(2)] int Width,
    [property: Id(3)] int Height,
    [property: Id(4)] bool IsBytes);
