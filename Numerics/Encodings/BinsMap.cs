namespace ExplicitCluster.Numerics.Encodings;

/// <summary>One block a value; the code is the value's level, the number of thresholds at or below it.</summary>
/// <exception cref="FeatureException">No threshold, too many, or thresholds that do not ascend.</exception>
public sealed partial class BinsMap(IReadOnlyList<double> thresholds) : BlockMap
{
    private readonly Levels _levels = new("bins", thresholds);

    public override string Name => "bins";

    public override int Codes => _levels.Count;

    public override int BlocksOf(RowShape shape) => shape.Columns;

    public override (int Across, int Down)? PositionsOf(RowShape shape) => shape.IsImage ? (shape.Width, shape.Height) : null;

    public override void Encode(RawRows rows, BlockRows output, int firstBlock)
    {
        Levels.Check(rows);
        var columns = new int[rows.Shape.Columns];
        for (var column = 0; column < columns.Length; column++)
            columns[column] = column;
        new ValueTiles(rows, _levels).WriteCodes(columns, digits: 1, output, firstBlock);
    }
}
