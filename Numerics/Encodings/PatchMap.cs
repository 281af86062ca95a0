namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Windows of thresholded pixels: one block a window position, in row-major order of the corner. The code reads the window row by row, the
/// top-left pixel the most significant digit, in base thresholds + 1.
/// </summary>
public sealed partial class PatchMap : LevelMap
{
    private const int MostCodes = 1 << 16;

    private readonly Levels _levels;
    private readonly IReadOnlyList<double> _thresholds;
    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;

    /// <exception cref="FeatureException">A size below 1, thresholds that do not ascend, or more than 65,536 codes a window.</exception>
    public PatchMap(int width, int height, IReadOnlyList<double> thresholds, int stride)
    {
        if (width < 1 || height < 1 || stride < 1)
            throw new FeatureException($"the map 'patches' has width {width}, height {height} and stride {stride}", "each must be at least 1");
        _levels = new Levels("patches", thresholds);
        _thresholds = thresholds;
        var codes = Math.Pow(_levels.Count, (double)width * height);
        if (codes > MostCodes)
        {
            throw new FeatureException(
                $"the map 'patches' of {width} x {height} pixels and {_levels.Count} levels has {codes:0} codes a window, more than {MostCodes:N0}",
                "use smaller windows or fewer thresholds");
        }
        (_width, _height, _stride) = (width, height, stride);
        Codes = (int)codes;
    }

    public override string Name => "patches";

    public override int Codes { get; }

    /// <summary>Window positions across and down for images of this shape.</summary>
    /// <exception cref="FeatureException">Rows are not images, or the window is larger than the image.</exception>
    public (int Across, int Down) GridOf(RowShape shape)
    {
        if (!shape.IsImage)
            throw new FeatureException($"the map 'patches' needs images, and the rows are {shape}", "use the map 'pixels' or 'bins'");
        if (_width > shape.Width || _height > shape.Height)
            throw new FeatureException($"windows of {_width} x {_height} do not fit {shape}", "use a smaller width and height");
        return ((shape.Width - _width) / _stride + 1, (shape.Height - _height) / _stride + 1);
    }

    public override int BlocksOf(RowShape shape)
    {
        var (across, down) = GridOf(shape);
        return across * down;
    }

    public override (int Across, int Down)? PositionsOf(RowShape shape) => GridOf(shape);

    internal override int Digits => _width * _height;

    internal override int Radix => _levels.Count;

    internal override int[] DigitsOf(RowShape shape)
    {
        var (across, down) = GridOf(shape);
        var pixels = new int[across * down * Digits];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (block, digit) = Math.DivRem(i, Digits);
            pixels[i] = (block / across * _stride + digit / _width) * shape.Width + block % across * _stride + digit % _width;
        }
        return pixels;
    }

    internal override LevelTiles TilesOf(RawRows rows) => new ValueTiles(rows, _levels);
}
