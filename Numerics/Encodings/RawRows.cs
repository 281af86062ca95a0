using System.Runtime.InteropServices;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Raw rows as a source holds them: (Count, Columns), row-major, bytes or little-endian float32; or documents, bytes end to end.</summary>
public sealed class RawRows
{
    private readonly ReadOnlyMemory<byte> _all;
    private readonly ReadOnlyMemory<int> _ends; // of documents, in _all
    private readonly int _start;                // of the first document

    /// <param name="shape">The shape of every row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="data">At least Count x BytesPerRow bytes; not changed while the rows are in use.</param>
    public RawRows(RowShape shape, int count, ReadOnlyMemory<byte> data)
    {
        (Shape, Count) = (shape, count);
        Data = _all = data[..checked(count * shape.BytesPerRow)];
    }

    private RawRows(ReadOnlyMemory<byte> all, ReadOnlyMemory<int> ends, int start)
    {
        (Shape, Count, _all, _ends, _start) = (RowShape.Texts, ends.Length, all, ends, start);
        Data = ends.IsEmpty ? default : all[start..ends.Span[^1]];
    }

    public RowShape Shape { get; }

    public int Count { get; }

    /// <summary>The bytes of all rows.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    public ReadOnlySpan<byte> Bytes => Data.Span;

    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Data.Span);

    /// <summary>Documents: texts in UTF-8, or rows as a source of sparse rows holds them.</summary>
    /// <param name="bytes">The documents end to end; not changed while the rows are in use.</param>
    /// <param name="ends">Where each ends, ascending, the last at most at the end of <paramref name="bytes"/>.</param>
    public static RawRows OfDocuments(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<int> ends) => new(bytes, ends, 0);

    /// <summary>The bytes of one row.</summary>
    public ReadOnlySpan<byte> Row(int row) => _ends.IsEmpty ? Bytes.Slice(row * Shape.BytesPerRow, Shape.BytesPerRow) : _all.Span[StartOf(row).._ends.Span[row]];

    /// <summary>Some consecutive rows.</summary>
    public RawRows Slice(int first, int rows) => _ends.IsEmpty
        ? new(Shape, rows, Data.Slice(first * Shape.BytesPerRow, rows * Shape.BytesPerRow))
        : new(_all, _ends.Slice(first, rows), StartOf(first));

    /// <summary>Copies of some rows, by their indices from 0.</summary>
    public RawRows Take(ReadOnlySpan<int> rows)
    {
        var ends = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            ends[i] = checked((i == 0 ? 0 : ends[i - 1]) + Row(rows[i]).Length);
        var data = GC.AllocateUninitializedArray<byte>(rows.Length == 0 ? 0 : ends[^1]);
        for (var i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(data.AsSpan(i == 0 ? 0 : ends[i - 1]));
        return Shape == RowShape.Texts ? OfDocuments(data, ends) : new RawRows(Shape, rows.Length, data);
    }

    /// <summary>One value, for the plain encoders.</summary>
    internal double ValuePlain(int row, int column) => Shape.IsBytes ? Bytes[row * Shape.Columns + column] : Floats[row * Shape.Columns + column];

    private int StartOf(int row) => row == 0 ? _start : _ends.Span[row - 1];
}
