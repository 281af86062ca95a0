using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Statistics;

/// <content>From a block's table to the rows of the codes that occurred; the table is clear afterwards.</content>
public static partial class BlockStatistics
{
    /// <summary>Says that a code occurred: all bits, so that a vector of marks is a mask.</summary>
    private const byte Mark = byte.MaxValue;

    private static void Emit(int[] table, int[]? second, int size, int classes, int start, CountPages counts)
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(table);
        if (classes > CountPages.RowVectors)
        {
            AddInto(table, second);
            for (var code = 0; code < size; code++)
            {
                var cells = table.AsSpan(code * classes, classes);
                if (cells.ContainsAnyExcept(0))
                    counts.Add(start + code, cells);
            }
        }
        else
        {
            // Lanes of the next code are masked away.
            var lowLanes = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(classes));
            var highLanes = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(classes - Vector256<int>.Count));
            ref var b = ref MemoryMarshal.GetArrayDataReference(second ?? table);
            for (var code = 0; code < size; code++)
            {
                var cell = (nuint)(code * classes);
                var low = Vector256.LoadUnsafe(ref a, cell);
                var high = Vector256.LoadUnsafe(ref a, cell + (nuint)Vector256<int>.Count);
                if (second is not null)
                {
                    low += Vector256.LoadUnsafe(ref b, cell);
                    high += Vector256.LoadUnsafe(ref b, cell + (nuint)Vector256<int>.Count);
                }
                if (((low & lowLanes) | (high & highLanes)) != Vector256<int>.Zero)
                    counts.Add(start + code, low, high);
            }
        }
        table.AsSpan(0, size * classes).Clear();
        second?.AsSpan(0, Math.Min(second.Length, size * classes)).Clear();
    }

    private static void AddInto(int[] table, int[]? second)
    {
        for (var cell = 0; cell < second?.Length; cell++)
            table[cell] += second[cell];
    }

    /// <param name="table">Counts.</param>
    /// <param name="seen">Marks of the codes that occurred, with room for a vector after the last one.</param>
    /// <param name="size">Codes.</param>
    /// <param name="classes">C.</param>
    /// <param name="start">Input of code 0.</param>
    /// <param name="counts">Takes the rows.</param>
    private static void EmitMarked(int[] table, byte[] seen, int size, int classes, int start, CountPages counts)
    {
        ref var cells = ref MemoryMarshal.GetArrayDataReference(table);
        ref var marks = ref MemoryMarshal.GetArrayDataReference(seen);
        for (var first = 0; first < size; first += Vector256<byte>.Count)
        {
            var occurred = Vector256.LoadUnsafe(ref marks, (nuint)first).ExtractMostSignificantBits();
            for (; occurred != 0; occurred &= occurred - 1)
            {
                var code = first + BitOperations.TrailingZeroCount(occurred);
                ref var row = ref Unsafe.Add(ref cells, code * classes);
                if (classes <= CountPages.RowVectors)
                {
                    counts.Add(start + code, Vector256.LoadUnsafe(ref row), Vector256.LoadUnsafe(ref row, (nuint)Vector256<int>.Count));
                    ClearRow(ref row, classes);
                }
                else
                {
                    counts.Add(start + code, table.AsSpan(code * classes, classes));
                    table.AsSpan(code * classes, classes).Clear();
                }
            }
        }
        seen.AsSpan(0, size).Clear();
    }

    /// <summary>Clears a row of up to 16 cells and nothing of the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ClearRow(ref int row, int classes)
    {
        var lanes = Vector256<int>.Count;
        if (classes >= lanes)
        {
            Vector256<int>.Zero.StoreUnsafe(ref row);
            Vector256<int>.Zero.StoreUnsafe(ref row, (nuint)(classes - lanes));
            return;
        }
        for (var c = 0; c < classes; c++)
            Unsafe.Add(ref row, c) = 0;
    }
}
