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

    /// <summary>Writes the codes of all rows: for every block the levels of its positions as digits, the most significant first.</summary>
    /// <param name="positions">The positions of the first block, then those of the second, and so on.</param>
    /// <param name="digits">Positions a block.</param>
    /// <param name="output">As many rows as there are raw rows.</param>
    /// <param name="firstBlock">The block that the first positions become.</param>
    public void WriteCodes(ReadOnlySpan<int> positions, int digits, BlockRows output, int firstBlock)
    {
        if (output.Count != rows)
            throw new ArgumentException($"{rows} rows do not fit a place for {output.Count}", nameof(output));
        for (var first = 0; first < rows; first += Rows)
        {
            // Blocks are padded to whole cache lines; rows beyond the last have level 0, so that the padding stays 0.
            Read(first, Math.Min(Rows, rows - first), _levels);
            for (var at = 0; at < positions.Length; at += digits)
                WriteLine(positions.Slice(at, digits), output.Codes.Slice((firstBlock + at / digits) * output.Stride + first, Rows));
        }
    }

    /// <summary>Reads one tile: the level of position p of row <c>first + r</c> goes to <c>p x Rows + r</c>, and 0 for r from count on.</summary>
    protected abstract void Read(int first, int count, Span<byte> tile);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteLine(ReadOnlySpan<int> positions, Span<ushort> line)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(_levels);
        var radix = Vector512.Create((ushort)levels);
        var codes = Vector512<ushort>.Zero;
        foreach (var position in positions)
        {
            var digit = Vector256.LoadUnsafe(ref start, (nuint)(position * Rows));
            var (low, high) = Vector256.Widen(digit);
            codes = codes * radix + Vector512.Create(low, high);
        }
        codes.StoreUnsafe(ref MemoryMarshal.GetReference(line));
    }
}
