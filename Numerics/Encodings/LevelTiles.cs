using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Levels of raw rows, 32 rows at a time and turned: the levels of one position of all 32 rows lie together, so that codes of 32 rows are one
/// vector and one cache line of <see cref="BlockRows"/>.
/// </summary>
/// <param name="rows">Number of raw rows.</param>
/// <param name="positions">Levels a row.</param>
/// <param name="levels">Number of distinct levels, the base of codes.</param>
internal abstract class LevelTiles(int rows, int positions, int levels)
{
    /// <summary>Rows a tile: the codes of one cache line.</summary>
    public const int Rows = 32;

    private readonly byte[] _levels = new byte[positions * Rows];

    /// <summary>Number of raw rows.</summary>
    public int Count => rows;

    /// <summary>Writes the codes of all rows: for every block the levels of its positions as digits, the most significant first.</summary>
    /// <param name="digits">The positions of the first block, then those of the second, and so on.</param>
    /// <param name="digitsPerBlock">Positions a block.</param>
    /// <param name="output">As many rows as there are raw rows.</param>
    /// <param name="firstBlock">The block that the first positions become.</param>
    public void WriteCodes(ReadOnlySpan<int> digits, int digitsPerBlock, BlockRows output, int firstBlock)
    {
        if (output.Count != rows)
            throw new ArgumentException($"{rows} rows do not fit a place for {output.Count}", nameof(output));
        for (var first = 0; first < rows; first += Rows)
        {
            // Blocks are padded to whole cache lines; rows beyond the last have level 0, so that the padding stays 0.
            Read(first, Math.Min(Rows, rows - first), _levels);
            for (var at = 0; at < digits.Length; at += digitsPerBlock)
                WriteLine(_levels, Rows, 0, digits.Slice(at, digitsPerBlock), levels, output.Codes.Slice((firstBlock + at / digitsPerBlock) * output.Stride + first, Rows));
        }
    }

    /// <summary>Writes the levels of all rows, position by position.</summary>
    /// <param name="columns">Takes the level of position p of row r at <c>p x stride + r</c>; up to 31 more are written behind the last row's.</param>
    /// <param name="stride">Levels from one position's to the next one's.</param>
    /// <param name="count">Positions that are written, from the first on.</param>
    public void WriteLevels(Span<byte> columns, int stride, int count)
    {
        for (var first = 0; first < rows; first += Rows)
        {
            Read(first, Math.Min(Rows, rows - first), _levels);
            for (var position = 0; position < count; position++)
                Vector256.Create<byte>(_levels.AsSpan(position * Rows, Rows)).CopyTo(columns[(position * stride + first)..]);
        }
    }

    /// <summary>Writes the codes of one block of <see cref="Rows"/> rows.</summary>
    /// <param name="columns">Levels: that of position p of row r is at <c>p x stride + r</c>.</param>
    /// <param name="stride">Levels from one position's to the next one's.</param>
    /// <param name="row">The first of the rows.</param>
    /// <param name="digits">The positions of the block.</param>
    /// <param name="radix">Number of distinct levels.</param>
    /// <param name="line">Room for the codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void WriteLine(ReadOnlySpan<byte> columns, int stride, int row, ReadOnlySpan<int> digits, int radix, Span<ushort> line)
    {
        ref var start = ref MemoryMarshal.GetReference(columns);
        var times = Vector256.Create((ushort)radix);
        var (low, high) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
        foreach (var position in digits)
        {
            var (first, second) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)(position * (long)stride + row)));
            (low, high) = (low * times + first, high * times + second);
        }
        ref var codes = ref MemoryMarshal.GetReference(line);
        low.StoreUnsafe(ref codes);
        high.StoreUnsafe(ref codes, (nuint)Vector256<ushort>.Count);
    }

    /// <summary>Reads one tile: the level of position p of row <c>first + r</c> goes to <c>p x Rows + r</c>, and 0 for r from count on.</summary>
    protected abstract void Read(int first, int count, Span<byte> tile);
}
