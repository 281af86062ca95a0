namespace ExplicitCluster.Numerics.Encodings;

public sealed partial class BinsMap
{
    /// <summary>The code of one value of one row, by its definition: slow, and what <see cref="LevelMap.Encode"/> is tested against.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="block">The value's column.</param>
    public int CodePlain(RawRows rows, int row, int block) => Levels.OfPlain(thresholds, rows.ValuePlain(row, block));
}
