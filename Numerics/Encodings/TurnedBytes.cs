using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Turns rows of bytes into columns: the bytes of one column of all rows lie together.</summary>
internal static class TurnedBytes
{
    /// <summary>Rows and columns of the squares that are turned in registers.</summary>
    private const int Side = 16;

    /// <summary>Rows between the beginnings of two columns.</summary>
    private const int Rows = LevelTiles.Rows;

    /// <summary>Writes column i of row r to <c>i x Rows + r</c>; rows from the last on are left as they are.</summary>
    /// <param name="rows">Up to <see cref="LevelTiles.Rows"/> rows, row-major.</param>
    /// <param name="columns">Bytes a row.</param>
    /// <param name="turned">(columns, Rows).</param>
    public static void Write(ReadOnlySpan<byte> rows, int columns, Span<byte> turned)
    {
        var count = rows.Length / columns;
        if (turned.Length < columns * Rows || count > Rows)
            throw new ArgumentException($"{count} rows of {columns} bytes do not fit {turned.Length} bytes for {Rows} rows", nameof(turned));
        ref var source = ref MemoryMarshal.GetReference(rows);
        ref var target = ref MemoryMarshal.GetReference(turned);
        var wholeRows = IsFast ? count / Side * Side : 0;
        var wholeColumns = columns / Side * Side;
        for (var row = 0; row < wholeRows; row += Side)
        {
            var column = 0;
            for (; Avx2.IsSupported && column + 2 * Side <= wholeColumns; column += 2 * Side)
                WriteTwoSquares(ref Unsafe.Add(ref source, row * columns + column), columns, ref Unsafe.Add(ref target, column * Rows + row));
            for (; column < wholeColumns; column += Side)
                WriteSquare(ref Unsafe.Add(ref source, row * columns + column), columns, ref Unsafe.Add(ref target, column * Rows + row));
        }
        WritePlain(rows, columns, wholeRows, 0, turned);
        if (wholeRows > 0)
            WritePlain(rows[..(wholeRows * columns)], columns, 0, wholeColumns, turned);
    }

    /// <summary>The same for rows and columns from some on.</summary>
    public static void WritePlain(ReadOnlySpan<byte> rows, int columns, int firstRow, int firstColumn, Span<byte> turned)
    {
        for (var row = firstRow; row < rows.Length / columns; row++)
        {
            for (var column = firstColumn; column < columns; column++)
                turned[column * Rows + row] = rows[row * columns + column];
        }
    }

    private static bool IsFast => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Four times, each vector of the first half is interleaved with its counterpart in the second: a perfect shuffle of 256 bytes, and four of them turn a square.</summary>
    private static void WriteSquare(ref byte source, int columns, ref byte target)
    {
        Span<Vector128<byte>> one = stackalloc Vector128<byte>[Side];
        Span<Vector128<byte>> other = stackalloc Vector128<byte>[Side];
        for (var row = 0; row < Side; row++)
            one[row] = Vector128.LoadUnsafe(ref source, (nuint)(row * columns));
        Interleave(one, other);
        Interleave(other, one);
        Interleave(one, other);
        Interleave(other, one);
        for (var column = 0; column < Side; column++)
            one[column].StoreUnsafe(ref target, (nuint)(column * Rows));
    }

    /// <summary>The same of two squares side by side, one in each half of vectors twice as long.</summary>
    private static void WriteTwoSquares(ref byte source, int columns, ref byte target)
    {
        Span<Vector256<byte>> room = stackalloc Vector256<byte>[2 * Side];
        ref var one = ref MemoryMarshal.GetReference(room);
        ref var other = ref Unsafe.Add(ref one, Side);
        for (var row = 0; row < Side / 2; row++)
        {
            // The first shuffle, as rows are read.
            var (low, high) = (Vector256.LoadUnsafe(ref source, (nuint)(row * columns)), Vector256.LoadUnsafe(ref source, (nuint)((row + Side / 2) * columns)));
            Unsafe.Add(ref other, 2 * row) = Avx2.UnpackLow(low, high);
            Unsafe.Add(ref other, 2 * row + 1) = Avx2.UnpackHigh(low, high);
        }
        Interleave(ref other, ref one);
        Interleave(ref one, ref other);
        for (var i = 0; i < Side / 2; i++)
        {
            // The last one, as columns are written.
            var (low, high) = (Unsafe.Add(ref other, i), Unsafe.Add(ref other, i + Side / 2));
            Write(Avx2.UnpackLow(low, high), 2 * i, ref target);
            Write(Avx2.UnpackHigh(low, high), 2 * i + 1, ref target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector256<byte> columns, int column, ref byte target)
    {
        columns.GetLower().StoreUnsafe(ref target, (nuint)(column * Rows));
        columns.GetUpper().StoreUnsafe(ref target, (nuint)((column + Side) * Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(ref Vector256<byte> from, ref Vector256<byte> to)
    {
        for (var i = 0; i < Side / 2; i++)
        {
            var (low, high) = (Unsafe.Add(ref from, i), Unsafe.Add(ref from, i + Side / 2));
            Unsafe.Add(ref to, 2 * i) = Avx2.UnpackLow(low, high);
            Unsafe.Add(ref to, 2 * i + 1) = Avx2.UnpackHigh(low, high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(Span<Vector128<byte>> from, Span<Vector128<byte>> to)
    {
        for (var i = 0; i < Side / 2; i++)
        {
            var (low, high) = (from[i], from[i + Side / 2]);
            to[2 * i] = Sse2.IsSupported ? Sse2.UnpackLow(low, high) : AdvSimd.Arm64.ZipLow(low, high);
            to[2 * i + 1] = Sse2.IsSupported ? Sse2.UnpackHigh(low, high) : AdvSimd.Arm64.ZipHigh(low, high);
        }
    }
}
