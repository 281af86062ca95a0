namespace ExplicitCluster.Numerics.Encodings;

public sealed partial class ComplementMap
{
    /// <summary>One input of one row, by its definition: slow, and what both forms of Encode are tested against.</summary>
    /// <param name="rows">The rows; numbers are from 0 to 1.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="input">From 0 to twice the columns.</param>
    public double ValuePlain(RawRows rows, int row, int input)
    {
        var columns = rows.Shape.Columns;
        var value = rows.ValuePlain(row, input % columns);
        return input < columns ? value : (rows.Shape.IsBytes ? byte.MaxValue : Top) - value;
    }
}
