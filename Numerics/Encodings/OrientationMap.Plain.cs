namespace ExplicitCluster.Numerics.Encodings;

public sealed partial class OrientationMap
{
    /// <summary>
    /// The gradient of one pixel, by its definition: the direction in multiples of 45 degrees from +x to +y, which is down, and the length in
    /// sixteenths of a grey level, rounded down. The direction of length 0 has no meaning.
    /// </summary>
    public static (int Direction, int Length) GradientPlain(RawRows rows, int row, int x, int y)
    {
        var (width, height) = (rows.Shape.Width, rows.Shape.Height);
        var gx = Pixel(x + 1, y) - Pixel(x - 1, y);
        var gy = Pixel(x, y + 1) - Pixel(x, y - 1);
        var (ax, ay) = (Math.Abs(gx), Math.Abs(gy));
        int direction;
        if ((ax + ay) * (ax + ay) < 2 * ax * ax)
            direction = gx > 0 ? 0 : 4;
        else if ((ax + ay) * (ax + ay) < 2 * ay * ay)
            direction = gy > 0 ? 2 : 6;
        else if (gy > 0)
            direction = gx > 0 ? 1 : 3;
        else
            direction = gx > 0 ? 7 : 5;
        return (direction, (int)Math.Floor(Math.Sqrt(256.0 * (gx * gx + gy * gy))));

        int Pixel(int column, int line) =>
            rows.Bytes[row * rows.Shape.Columns + Math.Clamp(line, 0, height - 1) * width + Math.Clamp(column, 0, width - 1)];
    }

    /// <summary>The level of one cell of one row, by its definition.</summary>
    /// <param name="rows">Rows of images.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="cell">Cell of the grid, row by row.</param>
    public int LevelPlain(RawRows rows, int row, int cell)
    {
        var (across, _) = GridOf(rows.Shape);
        var sums = new int[_settings.Bins];
        for (var i = 0; i < _settings.Cell * _settings.Cell; i++)
        {
            var (direction, length) = GradientPlain(
                rows, row, cell % across * _settings.Stride + i % _settings.Cell, cell / across * _settings.Stride + i / _settings.Cell);
            sums[direction % _settings.Bins] += length;
        }
        var largest = sums.Max();
        var area = 16.0 * _settings.Cell * _settings.Cell;
        if (largest < area * _settings.Weak)
            return 0;
        return 1 + 2 * Array.IndexOf(sums, largest) + (largest >= area * _settings.Strong ? 1 : 0);
    }

    /// <summary>The code of one block of one row, by its definition: slow, and what <see cref="LevelMap.Encode"/> is tested against.</summary>
    /// <param name="rows">Rows of images.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="block">Block from 0.</param>
    public int CodePlain(RawRows rows, int row, int block)
    {
        var (grid, _) = GridOf(rows.Shape);
        foreach (var shape in _settings.Shapes)
        {
            var (across, down) = CornersOf(shape, rows.Shape);
            if (block >= across * down)
            {
                block -= across * down;
                continue;
            }
            var code = 0;
            for (var i = 0; i < shape.Height * shape.Width; i++)
            {
                var y = block / across + i / shape.Width * _settings.Distance;
                var x = block % across + i % shape.Width * _settings.Distance;
                code = code * _settings.Levels + LevelPlain(rows, row, y * grid + x);
            }
            return code;
        }
        throw new ArgumentOutOfRangeException(nameof(block));
    }
}
