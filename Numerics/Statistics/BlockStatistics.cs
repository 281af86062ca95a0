using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>Statistics of rows in blocks: plain counts (docs/math.md 3).</summary>
/// <remarks>
/// One block is counted at a time into a table that stays in cache; the codes that occurred are then copied out and the table cleared. So
/// memory follows the codes that occurred, never the product of all codes and classes.
/// </remarks>
public static partial class BlockStatistics
{
    /// <summary>Blocks with more cells than this are counted code by code instead of into a table.</summary>
    private const int TableCells = 4 << 20;

    /// <summary>Two tables of this many cells fit the first-level cache with room for codes and labels.</summary>
    private const int TwoTablesCells = 3 << 10;

    /// <summary>From this many codes on, finding the few that occurred by marks is faster than scanning the table.</summary>
    private const int MarkedCodes = 1 << 10;

    /// <summary>
    /// F, (D, C), of M rows of P blocks: F[BlockStart(p) + i, c] is the number of rows of class c with code i in block p. ClassRows are rows a
    /// class, ClassMass P times that, and no row is of norm 0.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">M classes, each from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">C.</param>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label or a code is out of range.</exception>
    public static SufficientStatistics Accumulate(BlockRows rows, ReadOnlySpan<int> labels, int classes)
    {
        using var counts = Count(rows, labels, classes);
        var (classRows, classMass) = TotalsOf(labels, classes, rows.Layout.Blocks);
        return new SufficientStatistics(counts.ToTable(rows.Layout.Inputs), classRows, classMass, 0);
    }

    /// <summary>F alone, as it comes out block by block. The caller disposes it.</summary>
    internal static CountPages Count(IBlockCodes rows, ReadOnlySpan<int> labels, int classes)
    {
        LabelCheck.InRange(labels, rows.Count, classes);
        var counts = new CountPages(classes);
        if (classes <= byte.MaxValue + 1)
        {
            var bytes = new byte[labels.Length];
            for (var row = 0; row < bytes.Length; row++)
                bytes[row] = (byte)labels[row];
            AccumulateBlocks<byte>(rows, bytes, classes, counts);
        }
        else
        {
            AccumulateBlocks(rows, labels, classes, counts);
        }
        return counts;
    }

    private static void AccumulateBlocks<TLabel>(IBlockCodes rows, ReadOnlySpan<TLabel> labels, int classes, CountPages counts)
        where TLabel : unmanaged, System.Numerics.IBinaryInteger<TLabel>
    {
        var layout = rows.Layout;
        var cells = 0;
        var marks = 0;
        for (var block = 0; block < layout.Blocks; block++)
        {
            var size = layout.BlockSize(block);
            if ((long)size * classes > TableCells)
                continue;
            cells = Math.Max(cells, size * classes);
            marks = Math.Max(marks, size);
        }
        // The scan reads whole vectors, beyond the last code's cells.
        var table = new int[cells + CountPages.RowVectors];
        var second = new int[Math.Min(cells, TwoTablesCells) + CountPages.RowVectors];
        var seen = new byte[marks + Vector256<byte>.Count];
        for (var block = 0; block < layout.Blocks; block++)
        {
            var size = layout.BlockSize(block);
            var start = layout.BlockStart(block);
            if ((long)size * classes > TableCells)
            {
                CountByCode(rows, block, labels, classes, counts);
            }
            else if (size > MarkedCodes)
            {
                for (var first = 0; first < rows.Count; first += rows.Strip)
                {
                    var codes = rows.CodesOf(block, first, Math.Min(rows.Strip, rows.Count - first));
                    CountMarked(codes, labels.Slice(first, codes.Length), classes, table, seen);
                }
                EmitMarked(table, seen, size, classes, start, counts);
            }
            else
            {
                var two = size * classes <= TwoTablesCells ? second : table;
                for (var first = 0; first < rows.Count; first += rows.Strip)
                {
                    var codes = rows.CodesOf(block, first, Math.Min(rows.Strip, rows.Count - first));
                    CountIntoTwo(codes, labels.Slice(first, codes.Length), classes, table, two);
                }
                Emit(table, two == table ? null : two, size, classes, start, counts);
            }
        }
    }

    /// <summary>
    /// Rows take turns between two tables: the same cell twice in a row would make an addition wait for the store before it.
    /// </summary>
    private static void CountIntoTwo<TLabel>(ReadOnlySpan<ushort> codes, ReadOnlySpan<TLabel> labels, int classes, int[] even, int[] odd)
        where TLabel : unmanaged, System.Numerics.IBinaryInteger<TLabel>
    {
        ref var code = ref MemoryMarshal.GetReference(codes);
        ref var label = ref MemoryMarshal.GetReference(labels);
        ref var a = ref MemoryMarshal.GetArrayDataReference(even);
        ref var b = ref MemoryMarshal.GetArrayDataReference(odd);
        var rows = (nuint)codes.Length;
        nuint i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            Unsafe.Add(ref a, CellOf(ref code, ref label, i, classes))++;
            Unsafe.Add(ref b, CellOf(ref code, ref label, i + 1, classes))++;
            Unsafe.Add(ref a, CellOf(ref code, ref label, i + 2, classes))++;
            Unsafe.Add(ref b, CellOf(ref code, ref label, i + 3, classes))++;
        }
        for (; i < rows; i++)
            Unsafe.Add(ref a, CellOf(ref code, ref label, i, classes))++;
    }

    private static void CountMarked<TLabel>(ReadOnlySpan<ushort> codes, ReadOnlySpan<TLabel> labels, int classes, int[] table, byte[] seen)
        where TLabel : unmanaged, System.Numerics.IBinaryInteger<TLabel>
    {
        ref var code = ref MemoryMarshal.GetReference(codes);
        ref var label = ref MemoryMarshal.GetReference(labels);
        ref var cells = ref MemoryMarshal.GetArrayDataReference(table);
        ref var marks = ref MemoryMarshal.GetArrayDataReference(seen);
        var rows = (nuint)codes.Length;
        for (nuint i = 0; i < rows; i++)
        {
            Unsafe.Add(ref marks, (nint)Unsafe.Add(ref code, i)) = Mark;
            Unsafe.Add(ref cells, CellOf(ref code, ref label, i, classes))++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint CellOf<TLabel>(ref ushort code, ref TLabel label, nuint row, int classes)
        where TLabel : unmanaged, System.Numerics.IBinaryInteger<TLabel> =>
        (nint)Unsafe.Add(ref code, row) * classes + int.CreateTruncating(Unsafe.Add(ref label, row));

    /// <summary>For blocks whose table would not fit any cache: rows sorted by code, then one row of counts at a time.</summary>
    private static void CountByCode<TLabel>(IBlockCodes rows, int block, ReadOnlySpan<TLabel> labels, int classes, CountPages counts)
        where TLabel : unmanaged, System.Numerics.IBinaryInteger<TLabel>
    {
        var codes = new ushort[rows.Count];
        for (var first = 0; first < codes.Length; first += rows.Strip)
            rows.CodesOf(block, first, Math.Min(rows.Strip, codes.Length - first)).CopyTo(codes.AsSpan(first));
        var (start, size) = (rows.Layout.BlockStart(block), rows.Layout.BlockSize(block));
        var next = new int[size + 1];
        foreach (var code in codes)
            next[code + 1]++;
        for (var code = 0; code < size; code++)
            next[code + 1] += next[code];
        var order = new int[codes.Length];
        for (var row = 0; row < order.Length; row++)
            order[next[codes[row]]++] = int.CreateTruncating(labels[row]);
        var cells = new int[classes];
        var from = 0;
        for (var code = 0; code < size; code++)
        {
            var to = next[code];
            if (from == to)
                continue;
            for (; from < to; from++)
                cells[order[from]]++;
            counts.Add(start + code, cells);
            cells.AsSpan().Clear();
        }
    }

    /// <summary>Rows a class, and P times that.</summary>
    internal static (long[] ClassRows, long[] ClassMass) TotalsOf(ReadOnlySpan<int> labels, int classes, int blocks)
    {
        var classRows = new long[classes];
        foreach (var label in labels)
            classRows[label]++;
        var mass = new long[classes];
        for (var c = 0; c < mass.Length; c++)
            mass[c] = checked(classRows[c] * blocks);
        return (classRows, mass);
    }
}
