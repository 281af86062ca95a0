using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Levels of raw rows, 32 rows at a time and turned: the levels of one value of all 32 rows lie together, so that codes of 32 rows are one
/// vector and one cache line of <see cref="BlockRows"/>.
/// </summary>
internal sealed class LevelTiles(RawRows rows, Levels levels)
{
    /// <summary>Rows a tile: the codes of one cache line.</summary>
    public const int Rows = 32;

    private readonly byte[] _levels = new byte[rows.Shape.Columns * Rows];

    /// <summary>Writes the codes of all rows: for block b the digits of the values at corners[b] + offsets, in that order, in base levels.</summary>
    /// <param name="corners">The first value of every block.</param>
    /// <param name="offsets">From a block's first value to each of its digits, the most significant first.</param>
    /// <param name="output">As many rows as there are raw rows.</param>
    /// <param name="firstBlock">The block that the first corner becomes.</param>
    public void WriteCodes(ReadOnlySpan<int> corners, ReadOnlySpan<int> offsets, BlockRows output, int firstBlock)
    {
        if (output.Count != rows.Count)
            throw new ArgumentException($"{rows.Count} rows do not fit a place for {output.Count}", nameof(output));
        for (var first = 0; first < rows.Count; first += Rows)
        {
            Read(first);
            // Blocks are padded to whole cache lines; rows beyond the last have level 0, so that the padding stays 0.
            for (var block = 0; block < corners.Length; block++)
                WriteLine(corners[block], offsets, output.Codes.Slice((firstBlock + block) * output.Stride + first, Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteLine(int corner, ReadOnlySpan<int> offsets, Span<ushort> line)
    {
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_levels), corner * Rows);
        var radix = Vector512.Create((ushort)levels.Count);
        var codes = Vector512<ushort>.Zero;
        foreach (var offset in offsets)
        {
            var digit = Vector256.LoadUnsafe(ref start, (nuint)(offset * Rows));
            var (low, high) = Vector256.Widen(digit);
            codes = codes * radix + Vector512.Create(low, high);
        }
        codes.StoreUnsafe(ref MemoryMarshal.GetReference(line));
    }

    private void Read(int first)
    {
        var columns = rows.Shape.Columns;
        var count = Math.Min(Rows, rows.Count - first);
        if (count < Rows)
            _levels.AsSpan().Clear();
        if (rows.Shape.IsBytes)
        {
            var values = rows.Bytes.Slice(first * columns, count * columns);
            for (var row = 0; row < count; row++)
                Turn(values.Slice(row * columns, columns), row);
            return;
        }
        var floats = rows.Floats.Slice(first * columns, count * columns);
        for (var i = 0; i < floats.Length; i++)
            _levels[i % columns * Rows + i / columns] = levels.Of(floats[i]);
    }

    private void Turn(ReadOnlySpan<byte> values, int row)
    {
        ref var levelOf = ref MemoryMarshal.GetReference(levels.OfByte);
        ref var target = ref MemoryMarshal.GetArrayDataReference(_levels);
        for (var i = 0; i < values.Length; i++)
            Unsafe.Add(ref target, i * Rows + row) = Unsafe.Add(ref levelOf, values[i]);
    }
}
