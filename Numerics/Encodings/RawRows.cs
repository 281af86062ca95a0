using System.Runtime.InteropServices;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Raw rows as a source holds them: (Count, Columns), row-major, bytes or little-endian float32.</summary>
/// <param name="shape">The shape of every row.</param>
/// <param name="count">Number of rows.</param>
/// <param name="data">At least Count x BytesPerRow bytes; not changed while the rows are in use.</param>
public sealed class RawRows(RowShape shape, int count, ReadOnlyMemory<byte> data)
{
    public RowShape Shape { get; } = shape;

    public int Count { get; } = count;

    public ReadOnlyMemory<byte> Data { get; } = data[..checked(count * shape.BytesPerRow)];

    public ReadOnlySpan<byte> Bytes => Data.Span;

    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Data.Span);

    /// <summary>Some consecutive rows.</summary>
    public RawRows Slice(int first, int rows) => new(Shape, rows, Data.Slice(first * Shape.BytesPerRow, rows * Shape.BytesPerRow));

    /// <summary>One value, for the plain encoders.</summary>
    internal double ValuePlain(int row, int column) => Shape.IsBytes ? Bytes[row * Shape.Columns + column] : Floats[row * Shape.Columns + column];
}
