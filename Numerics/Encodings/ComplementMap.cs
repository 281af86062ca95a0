using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>[x, top - x]: twice the inputs, so that absence is evidence as well. Top is 255 for bytes and 1 for numbers.</summary>
public sealed partial class ComplementMap : DenseMap
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
            Complement(values, encoded[columns..]);
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

    /// <summary>255 - x is the complement of x's bits.</summary>
    private static void Complement(ReadOnlySpan<byte> values, Span<byte> complement)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(complement);
        nuint i = 0;
        for (; i + (nuint)Vector512<byte>.Count <= (nuint)values.Length; i += (nuint)Vector512<byte>.Count)
            (~Vector512.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        for (; i < (nuint)values.Length; i++)
            Unsafe.Add(ref to, i) = (byte)~Unsafe.Add(ref from, i);
    }
}
