using System.Collections.Immutable;
using System.Numerics;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>
/// How F is cut for reducers and for its hash. A format block is 2^20 cells of one map, with a cell number of
/// <c>input x 2^ceil(log2 C) + class</c>: it always holds whole inputs. A tile is up to 8 format blocks, 64 MB of int64 cells, fewer where F is small.
/// </summary>
public static class TilePlan
{
    private const int CellsPerBlock = 1 << 20;
    private const int BlocksPerTile = 8;

    /// <summary>So many tiles at least, where there are as many format blocks: silos sum tiles side by side, and the last one to end keeps all waiting.</summary>
    private const int LeastTiles = 16;

    /// <summary>Cells from one input to the next in a cell number: the power of two at or above C.</summary>
    public static int ClassStride(int classes) => (int)BitOperations.RoundUpToPowerOf2((uint)classes);

    /// <summary>Inputs a format block.</summary>
    public static int InputsPerBlock(int classes) => Math.Max(1, CellsPerBlock / ClassStride(classes));

    /// <summary>The tiles of a layout, in map and input order; none crosses maps.</summary>
    public static ImmutableArray<Tile> TilesOf(RowLayout layout, int classes)
    {
        var perBlock = InputsPerBlock(classes);
        var blocks = layout.Maps.Sum(map => (map.Inputs + perBlock - 1L) / perBlock);
        var most = perBlock * (int)Math.Clamp((blocks + LeastTiles - 1) / LeastTiles, 1, BlocksPerTile);
        var tiles = ImmutableArray.CreateBuilder<Tile>();
        foreach (var map in layout.Maps)
        {
            for (var first = 0; first < map.Inputs; first += most)
                tiles.Add(new Tile(map.FirstInput + first, Math.Min(most, map.Inputs - first), map.FirstInput));
        }
        return tiles.ToImmutable();
    }

    /// <summary>The tiles' indices in the order they are best begun: first those of small maps, whose inputs all rows have, so that no long sum is left for the end.</summary>
    public static int[] InOrderOfWork(ImmutableArray<Tile> tiles)
    {
        var inputs = tiles.GroupBy(tile => tile.MapFirstInput).ToDictionary(map => map.Key, map => map.Sum(tile => (long)tile.Inputs));
        return [.. Enumerable.Range(0, tiles.Length).OrderBy(tile => inputs[tiles[tile].MapFirstInput])];
    }
}
