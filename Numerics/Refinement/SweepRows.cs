using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>A worker's rows for scaling sweeps: the codes of every block, 8 bits wide where they fit and 16 where not, and the classes.</summary>
/// <param name="compaction">From raw codes to the codes kept.</param>
/// <param name="capacity">Most rows that will be added.</param>
public sealed class SweepRows(CodeCompaction compaction, int capacity)
{
    private readonly byte[]?[] _narrow = new byte[compaction.Blocks][];
    private readonly ushort[]?[] _wide = new ushort[compaction.Blocks][];
    private readonly int[] _labels = new int[capacity];

    public CodeCompaction Compaction { get; } = compaction;

    public int Count { get; private set; }

    /// <summary>The class of every row.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>Bytes that so many rows take at most, codes and classes.</summary>
    public static long BytesFor(CodeCompaction compaction, long rows)
    {
        var bytes = (long)sizeof(int);
        for (var block = 0; block < compaction.Blocks; block++)
            bytes += IsNarrow(compaction, block) ? sizeof(byte) : sizeof(ushort);
        return bytes * rows;
    }

    /// <summary>Adds rows with their classes; raw codes are renumbered on the way.</summary>
    /// <exception cref="ArgumentException">The rows have another layout, or there is no room for them.</exception>
    public void Add(BlockRows rows, ReadOnlySpan<int> labels)
    {
        if (rows.Layout.Inputs != Compaction.Raw.Inputs || rows.Layout.Blocks != Compaction.Raw.Blocks)
            throw new ArgumentException("the rows have another layout than the counts", nameof(rows));
        if (Count + rows.Count > capacity || labels.Length != rows.Count)
            throw new ArgumentException($"{rows.Count} rows with {labels.Length} classes do not fit beside {Count} of {capacity}", nameof(rows));
        labels.CopyTo(_labels.AsSpan(Count));
        for (var block = 0; block < Compaction.Blocks; block++)
        {
            var codes = rows.Block(Compaction.RawBlockOf(block));
            var codeOf = Compaction.CodesOf(block);
            if (IsNarrow(Compaction, block))
            {
                var narrow = (_narrow[block] ??= new byte[capacity]).AsSpan(Count, codes.Length);
                for (var m = 0; m < codes.Length; m++)
                    narrow[m] = (byte)codeOf[codes[m]];
                continue;
            }
            var wide = (_wide[block] ??= new ushort[capacity]).AsSpan(Count, codes.Length);
            for (var m = 0; m < codes.Length; m++)
                wide[m] = codeOf[codes[m]];
        }
        Count += rows.Count;
    }

    /// <summary>The code of one row in one block.</summary>
    public int CodeOf(int block, int row) => _narrow[block] is { } narrow ? narrow[row] : _wide[block]![row];

    /// <summary>Writes code x <paramref name="scale"/> of a run of rows of one block.</summary>
    internal void WriteOffsets(int block, int firstRow, int scale, Span<int> offsets)
    {
        if (_narrow[block] is { } narrow)
            Widen(narrow.AsSpan(firstRow, offsets.Length), scale, offsets);
        else
            Widen(_wide[block].AsSpan(firstRow, offsets.Length), scale, offsets);
    }

    private static bool IsNarrow(CodeCompaction compaction, int block) => compaction.Starts[block + 1] - compaction.Starts[block] <= byte.MaxValue + 1;

    private static void Widen(ReadOnlySpan<byte> codes, int scale, Span<int> offsets)
    {
        for (var m = 0; m < codes.Length; m++)
            offsets[m] = codes[m] * scale;
    }

    private static void Widen(ReadOnlySpan<ushort> codes, int scale, Span<int> offsets)
    {
        ref var from = ref MemoryMarshal.GetReference(codes);
        ref var to = ref MemoryMarshal.GetReference(offsets);
        var m = 0;
        for (; m + Vector128<ushort>.Count <= codes.Length; m += Vector128<ushort>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)m));
            (low.AsInt32() * scale).StoreUnsafe(ref to, (nuint)m);
            (high.AsInt32() * scale).StoreUnsafe(ref to, (nuint)(m + Vector128<int>.Count));
        }
        for (; m < codes.Length; m++)
            offsets[m] = codes[m] * scale;
    }
}
