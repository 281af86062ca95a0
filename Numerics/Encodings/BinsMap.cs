namespace ExplicitCluster.Numerics.Encodings;

/// <summary>One block a value; the code is the value's level, the number of thresholds at or below it.</summary>
/// <exception cref="FeatureException">No threshold, too many, or thresholds that do not ascend.</exception>
public sealed class BinsMap(IReadOnlyList<double> thresholds) : BlockMap
{
    private readonly Levels _levels = new("bins", thresholds);

    public override string Name => "bins";

    public override int Codes => _levels.Count;

    public override int BlocksOf(RowShape shape) => shape.Columns;

    public override void Encode(RawRows rows, BlockRows output, int firstBlock)
    {
        var columns = rows.Shape.Columns;
        var levels = new byte[rows.Count * columns];
        _levels.Quantise(rows, levels);
        for (var column = 0; column < columns; column++)
        {
            var codes = output.Block(firstBlock + column);
            for (var row = 0; row < codes.Length; row++)
                codes[row] = levels[row * columns + column];
        }
    }
}
