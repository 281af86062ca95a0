namespace ExplicitCluster.Numerics.Encodings;

/// <summary>One block a value; the code is the value's level, the number of thresholds at or below it.</summary>
/// <exception cref="FeatureException">No threshold, too many, or thresholds that do not ascend.</exception>
public sealed partial class BinsMap(IReadOnlyList<double> thresholds) : LevelMap
{
    private readonly Levels _levels = new("bins", thresholds);

    public override string Name => "bins";

    public override int Codes => _levels.Count;

    public override int BlocksOf(RowShape shape) => shape.Columns;

    public override (int Across, int Down)? PositionsOf(RowShape shape) => shape.IsImage ? (shape.Width, shape.Height) : null;

    internal override int Digits => 1;

    internal override int Radix => _levels.Count;

    internal override int[] DigitsOf(RowShape shape) => [.. Enumerable.Range(0, shape.Columns)];

    internal override LevelTiles TilesOf(RawRows rows) => new ValueTiles(rows, _levels);
}
