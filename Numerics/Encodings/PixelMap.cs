namespace ExplicitCluster.Numerics.Encodings;

/// <summary>The values themselves.</summary>
public sealed class PixelMap : DenseMap
{
    public override string Name => "pixels";

    public override int InputsOf(RowShape shape) => shape.Columns;

    public override void Encode(RawRows rows, Span<byte> output, int stride)
    {
        var columns = rows.Shape.Columns;
        for (var row = 0; row < rows.Count; row++)
            rows.Bytes.Slice(row * columns, columns).CopyTo(output[(row * stride)..]);
    }

    public override void Encode(RawRows rows, Span<float> output, int stride)
    {
        ValueCheck.FiniteAndNotNegative(rows);
        var columns = rows.Shape.Columns;
        for (var row = 0; row < rows.Count; row++)
            rows.Floats.Slice(row * columns, columns).CopyTo(output[(row * stride)..]);
    }
}
