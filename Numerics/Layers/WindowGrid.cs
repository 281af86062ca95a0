using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Windows over the blocks or values of a row (docs/math.md 12). Those of every map lie on one grid, row by row; a window holds those of all maps at its
/// positions. Of sparse rows the groups of features lie in a line. Windows are numbered in row-major order of their corner; only those wholly inside are.
/// </summary>
public sealed class WindowGrid
{
    /// <param name="positions">Positions of the grid across and down.</param>
    /// <param name="size">Positions of a window across and down.</param>
    /// <param name="stride">Positions from one corner to the next, both ways.</param>
    /// <exception cref="FeatureException">A size below 1, or windows larger than the grid.</exception>
    public WindowGrid((int Across, int Down) positions, (int Width, int Height) size, int stride)
    {
        if (size.Width < 1 || size.Height < 1 || stride < 1)
            throw new FeatureException($"windows of {size.Width} x {size.Height} positions with stride {stride}", "each must be at least 1");
        if (size.Width > positions.Across || size.Height > positions.Down)
        {
            throw new FeatureException(
                $"windows of {size.Width} x {size.Height} positions do not fit the {positions.Across} x {positions.Down} positions of the layer's features",
                "use a smaller width and height under windows");
        }
        (Positions, Size, Stride) = (positions, size, stride);
        Windows = ((positions.Across - size.Width) / stride + 1, (positions.Down - size.Height) / stride + 1);
    }

    /// <summary>Positions across and down.</summary>
    public (int Across, int Down) Positions { get; }

    /// <summary>Positions of a window across and down.</summary>
    public (int Width, int Height) Size { get; }

    public int Stride { get; }

    /// <summary>Windows across and down.</summary>
    public (int Across, int Down) Windows { get; }

    public int Count => Windows.Across * Windows.Down;

    /// <summary>One window over all the blocks, the values, or of sparse rows the groups, of a layout.</summary>
    public static WindowGrid Whole(RowLayout layout)
    {
        var places = layout.Kind switch { EncodingKind.Blocks => layout.Blocks, EncodingKind.Sparse => layout.Maps.Count, _ => layout.Inputs };
        return new WindowGrid((places, 1), (places, 1), 1);
    }

    /// <summary>The blocks of a window, or its values or groups, ascending.</summary>
    /// <param name="places">Blocks, values or groups of a row: one a position, for every map and plane of it.</param>
    /// <param name="window">From 0.</param>
    public IEnumerable<int> PlacesOf(int places, int window)
    {
        var (left, top) = (window % Windows.Across * Stride, window / Windows.Across * Stride);
        for (var first = 0; first < places; first += Positions.Across * Positions.Down)
        {
            for (var y = top; y < top + Size.Height; y++)
            {
                for (var x = left; x < left + Size.Width; x++)
                    yield return first + y * Positions.Across + x;
            }
        }
    }
}
