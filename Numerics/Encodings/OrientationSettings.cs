namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Settings of <see cref="OrientationMap"/> (docs/math.md 7).</summary>
/// <param name="Cell">Pixels across and down of a cell, 1 to 256.</param>
/// <param name="Stride">Pixels from one cell to the next, at least 1.</param>
/// <param name="Bins">8 directions, or 4 where opposite ones are one.</param>
/// <param name="Weak">Grey levels a pixel below which a cell is flat; at least 0.</param>
/// <param name="Strong">Grey levels a pixel from which a cell is strong; above <paramref name="Weak"/>.</param>
/// <param name="Shapes">Cells of a block down and across; all of equally many cells, none twice.</param>
/// <param name="Distance">Cells from one cell of a block to its neighbour in the block, at least 1.</param>
public sealed record OrientationSettings(
    int Cell,
    int Stride,
    int Bins,
    double Weak,
    double Strong,
    IReadOnlyList<(int Height, int Width)> Shapes,
    int Distance)
{
    /// <summary>Levels of a cell: flat, and weak or strong in every bin.</summary>
    public int Levels => 1 + 2 * Bins;
}
