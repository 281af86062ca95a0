namespace ExplicitCluster.Numerics.Encodings;

public sealed partial class PatchMap
{
    /// <summary>The code of one window of one row, by its definition: slow, and what <see cref="LevelMap.Encode"/> is tested against.</summary>
    /// <param name="rows">Rows of images.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="block">Window position, row by row.</param>
    public int CodePlain(RawRows rows, int row, int block)
    {
        var (across, _) = GridOf(rows.Shape);
        var code = 0;
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                var pixel = (block / across * _stride + y) * rows.Shape.Width + block % across * _stride + x;
                code = code * (_thresholds.Count + 1) + Levels.OfPlain(_thresholds, rows.ValuePlain(row, pixel));
            }
        }
        return code;
    }
}
