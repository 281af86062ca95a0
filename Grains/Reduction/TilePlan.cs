using System.Collections.Immutable;
using System.Numerics;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>
/// How F is cut for reducers and for its hash. A format block is 2^20 cells of one map, with a cell number of
/// <c>input x 2^ceil(log2 C) + class</c>: it always holds whole inputs. A tile is up to 2 format blocks, 16 MB of int64 cells.
/// </summary>
public static class TilePlan
{
    private const int CellsPerBlock = 1 << 20;
    private const int BlocksPerTile = 2;

    /// <summary>Cells from one input to the next in a cell number: the power of two at or above C.</summary>
    public static int ClassStride(int classes) => (int)BitOperations.RoundUpToPowerOf2((uint)classes);

    /// <summary>Inputs a format block.</summary>
    public static int InputsPerBlock(int classes) => Math.Max(1, CellsPerBlock / ClassStride(classes));

    /// <summary>The tiles of a layout, in map and input order; none crosses maps.</summary>
    public static ImmutableArray<Tile> TilesOf(RowLayout layout, int classes)
    {
        var most = InputsPerBlock(classes) * BlocksPerTile;
        var tiles = ImmutableArray.CreateBuilder<Tile>();
        foreach (var map in layout.Maps)
        {
            for (var first = 0; first < map.Inputs; first += most)
                tiles.Add(new Tile(map.FirstInput + first, Math.Min(most, map.Inputs - first), map.FirstInput));
        }
        return tiles.ToImmutable();
    }
}
