namespace ExplicitCluster.Numerics.Encodings;

/// <summary>[x, top - x]: twice the inputs, so that absence is evidence as well. Top is 255 for bytes and 1 for numbers.</summary>
public sealed class ComplementMap : DenseMap
{
    private const float Top = 1;

    public override string Name => "complement";

    public override int InputsOf(RowShape shape) => checked(2 * shape.Columns);

    public override void Encode(RawRows rows, Span<byte> output, int stride)
    {
        var columns = rows.Shape.Columns;
        for (var row = 0; row < rows.Count; row++)
        {
            var values = rows.Bytes.Slice(row * columns, columns);
            var encoded = output.Slice(row * stride, 2 * columns);
            values.CopyTo(encoded);
            for (var i = 0; i < columns; i++)
                encoded[columns + i] = (byte)(byte.MaxValue - values[i]);
        }
    }

    public override void Encode(RawRows rows, Span<float> output, int stride)
    {
        var columns = rows.Shape.Columns;
        for (var row = 0; row < rows.Count; row++)
        {
            var values = rows.Floats.Slice(row * columns, columns);
            var encoded = output.Slice(row * stride, 2 * columns);
            for (var i = 0; i < columns; i++)
            {
                if (!(values[i] >= 0 && values[i] <= Top))
                    throw new InvalidValueException(row, i, values[i], "a number from 0 to 1, which the complement map needs");
                encoded[i] = values[i];
                encoded[columns + i] = Top - values[i];
            }
        }
    }
}
