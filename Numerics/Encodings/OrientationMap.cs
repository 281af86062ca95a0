namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Directions of grey-level gradients: a level for every cell of the image, and a block for several cells at a distance from each other.
/// Blocks of the first shape come first, each shape's in row-major order of the corner. A code reads the block's cells row by row, the first the
/// most significant digit, in base 1 + 2 bins (docs/math.md 7).
/// </summary>
public sealed partial class OrientationMap : LevelMap
{
    /// <summary>The largest cell: its sum of lengths, below 5,770 x 256 x 256, is an int.</summary>
    public const int MostPixels = 256;

    private const int MostCodes = 1 << 16;

    private readonly OrientationSettings _settings;

    /// <exception cref="FeatureException">A setting out of its range, shapes of different sizes, or more than 65,536 codes a block.</exception>
    public OrientationMap(OrientationSettings settings)
    {
        _settings = settings;
        var (cell, stride, distance) = (settings.Cell, settings.Stride, settings.Distance);
        if (cell is < 1 or > MostPixels || stride < 1 || distance < 1)
        {
            throw new FeatureException(
                $"the map 'orientations' has cell {cell}, stride {stride} and distance {distance}",
                $"a cell has 1 to {MostPixels} pixels; stride and distance must be at least 1");
        }
        if (settings.Bins is not (4 or 8))
            throw new FeatureException($"the map 'orientations' has {settings.Bins} bins", "give 4 or 8");
        if (!(settings.Weak >= 0 && settings.Strong > settings.Weak))
            throw new FeatureException($"the map 'orientations' has thresholds {settings.Weak} and {settings.Strong}", "give two ascending thresholds of at least 0");
        var shapes = settings.Shapes;
        if (shapes.Count == 0 || shapes.Distinct().Count() < shapes.Count || shapes.Any(shape => shape.Height < 1 || shape.Width < 1))
            throw new FeatureException("the map 'orientations' needs shapes of at least 1x1 cells, none twice", "give one or more, e.g. shapes: [1x2, 2x1]");
        if (shapes.Select(shape => (long)shape.Height * shape.Width).Distinct().Count() > 1)
            throw new FeatureException("the shapes of the map 'orientations' have different numbers of cells", "use one map for each number of cells");
        var codes = Math.Pow(settings.Levels, (double)shapes[0].Height * shapes[0].Width);
        if (codes > MostCodes)
        {
            throw new FeatureException(
                $"the map 'orientations' of {shapes[0].Height}x{shapes[0].Width} cells and {settings.Levels} levels has {codes:0} codes a block, more than {MostCodes:N0}",
                "use smaller shapes or 4 bins");
        }
        Codes = (int)codes;
    }

    public override string Name => "orientations";

    public override int Codes { get; }

    /// <summary>Cells of a block.</summary>
    public int CellsOfBlock => _settings.Shapes[0].Height * _settings.Shapes[0].Width;

    /// <summary>Cells across and down for images of this shape.</summary>
    /// <exception cref="FeatureException">Rows are not images of bytes, or a cell is larger than the image.</exception>
    public (int Across, int Down) GridOf(RowShape shape)
    {
        if (!shape.IsImage || !shape.IsBytes)
            throw new FeatureException($"the map 'orientations' needs images of bytes, and the rows are {shape}", "use the map 'pixels' or 'bins'");
        var (cell, stride) = (_settings.Cell, _settings.Stride);
        if (cell > shape.Width || cell > shape.Height)
            throw new FeatureException($"cells of {cell} x {cell} pixels do not fit {shape}", "use a smaller cell");
        return ((shape.Width - cell) / stride + 1, (shape.Height - cell) / stride + 1);
    }

    public override int BlocksOf(RowShape shape)
    {
        var blocks = 0;
        foreach (var one in _settings.Shapes)
        {
            var (across, down) = CornersOf(one, shape);
            blocks += across * down;
        }
        return blocks;
    }

    /// <summary>The cells of all blocks, (Blocks, <see cref="CellsOfBlock"/>), row-major; cell (y, x) of the grid is y x across + x.</summary>
    /// <exception cref="FeatureException">The shape does not suit the map.</exception>
    public int[] CellsOf(RowShape shape)
    {
        var (grid, _) = GridOf(shape);
        var cells = new List<int>();
        foreach (var one in _settings.Shapes)
        {
            var (across, down) = CornersOf(one, shape);
            for (var corner = 0; corner < across * down; corner++)
            {
                var first = corner / across * grid + corner % across;
                for (var y = 0; y < one.Height; y++)
                {
                    for (var x = 0; x < one.Width; x++)
                        cells.Add(first + (y * grid + x) * _settings.Distance);
                }
            }
        }
        return [.. cells];
    }

    public override (int Across, int Down)? PositionsOf(RowShape shape) => _settings.Shapes.Count == 1 ? CornersOf(_settings.Shapes[0], shape) : null;

    internal override int Digits => CellsOfBlock;

    internal override int Radix => _settings.Levels;

    internal override int[] DigitsOf(RowShape shape) => CellsOf(shape);

    internal override LevelTiles TilesOf(RawRows rows) => new OrientationTiles(rows, _settings, GridOf(rows.Shape));

    private (int Across, int Down) CornersOf((int Height, int Width) shape, RowShape row)
    {
        var (across, down) = GridOf(row);
        var (right, below) = ((long)(shape.Width - 1) * _settings.Distance, (long)(shape.Height - 1) * _settings.Distance);
        if (right >= across || below >= down)
        {
            throw new FeatureException(
                $"blocks of {shape.Height}x{shape.Width} cells at distance {_settings.Distance} do not fit the {down}x{across} cells of {row}",
                "use smaller shapes, distance, cell or stride");
        }
        return (across - (int)right, down - (int)below);
    }
}
