using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>
/// Int32 sums and a queue of rows for each of a window of classes. A full queue is added to its class's sums in one go; sums are drained into
/// F, int64, before they can overflow. Rows must stay where they are until the queues are closed.
/// </summary>
/// <remarks>Classes come in any order within the window; a class above the window closes it and opens the next one there.</remarks>
internal sealed unsafe partial class ClassQueues<T, TValues> : IDisposable
    where T : unmanaged
    where TValues : IRowValues<T>
{
    /// <summary>Rows a full queue; longer ones were not faster.</summary>
    private const int QueueLength = 8;

    /// <summary>Rows added while a sum is in a register.</summary>
    private const int GroupLength = 8;

    private const int Lanes = 16;
    private const int CacheLine = 64;

    /// <summary>A part of a core's second cache.</summary>
    private const int MostBytesAhead = 256 << 10;

    /// <summary>A row adds at most 2^20 to one cell: this many rows fit an int32 sum.</summary>
    private const int RowsOfInt32 = 2040;

    /// <summary>1.5 x 2^23: adding it rounds a float32 below 2^22 half to even, and leaves the integer in the low bits.</summary>
    private const float RoundingShift = 12582912;

    private const int RoundingShiftBits = 0x4B400000;

    private readonly int _inputs;
    private readonly int _classes;
    private readonly int _open;
    private readonly int _sumsStride;
    private readonly long[] _counts;
    private readonly long[] _classRows;
    private readonly int[] _undrained;
    private readonly int[] _queued;
    private readonly nint* _rows;
    private readonly float* _factors;
    private readonly int* _sums;
    private int _firstClass;
    private byte* _ahead;

    /// <param name="first">The first row. Rows are mostly read in order from here: while a group is added, as many bytes are asked for far ahead.</param>
    /// <param name="inputs">D.</param>
    /// <param name="classes">C.</param>
    /// <param name="open">Classes in the window.</param>
    /// <param name="counts">F, (D, C), row-major, added to.</param>
    /// <param name="classRows">Rows a class, added to.</param>
    public ClassQueues(T* first, int inputs, int classes, int open, long[] counts, long[] classRows)
    {
        (_inputs, _classes, _open, _counts, _classRows) = (inputs, classes, open, counts, classRows);
        _sumsStride = (inputs + Lanes - 1) / Lanes * Lanes;
        // Groups come at uneven times: by up to the rows that all queues hold.
        _ahead = (byte*)first + Math.Min((nint)2 * open * QueueLength * inputs * sizeof(T), MostBytesAhead);
        _undrained = new int[open];
        _queued = new int[open];
        _rows = (nint*)NativeMemory.AllocZeroed((nuint)(open * QueueLength), (nuint)sizeof(nint));
        _factors = (float*)NativeMemory.AllocZeroed((nuint)(open * QueueLength), sizeof(float));
        var bytes = (nuint)Math.Max(1, open) * (nuint)Math.Max(1, _sumsStride) * sizeof(int);
        _sums = (int*)NativeMemory.AlignedAlloc(bytes, Lanes * sizeof(int));
        NativeMemory.Clear(_sums, bytes);
    }

    public void Dispose()
    {
        NativeMemory.Free(_rows);
        NativeMemory.Free(_factors);
        NativeMemory.AlignedFree(_sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T* row, float factor, int label)
    {
        if (label >= _firstClass + _open)
            MoveWindow(label);
        var slot = label - _firstClass;
        var place = slot * QueueLength + _queued[slot];
        _rows[place] = (nint)row;
        _factors[place] = factor;
        if (++_queued[slot] == QueueLength)
            AddQueue(slot);
    }

    /// <summary>Adds what still waits; the queues are empty afterwards.</summary>
    public void CloseAll()
    {
        for (var slot = 0; slot < _open; slot++)
        {
            AddQueue(slot);
            if (_undrained[slot] > 0)
                Drain(slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MoveWindow(int label)
    {
        CloseAll();
        _firstClass = label;
    }

    private void Drain(int slot)
    {
        var sums = _sums + (nint)slot * _sumsStride;
        var label = _firstClass + slot;
        for (var input = 0; input < _inputs; input++)
        {
            if (sums[input] != 0)
                _counts[(nint)input * _classes + label] = checked(_counts[(nint)input * _classes + label] + sums[input]);
        }
        new Span<int>(sums, _inputs).Clear();
        _classRows[label] += _undrained[slot];
        _undrained[slot] = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddQueue(int slot)
    {
        var rows = _rows + slot * QueueLength;
        var factors = _factors + slot * QueueLength;
        var sums = _sums + (nint)slot * _sumsStride;
        var count = _queued[slot];
        var i = 0;
        for (; i <= count - GroupLength; i += GroupLength)
        {
            if (Vector512.IsHardwareAccelerated)
                AddGroup(sums, rows + i, factors + i);
            else
                AddGroupByHalves(sums, rows + i, factors + i);
        }
        for (; i < count; i++)
            AddRow(sums, (T*)rows[i], factors[i]);
        _queued[slot] = 0;
        _undrained[slot] += count;
        if (_undrained[slot] > RowsOfInt32 - QueueLength)
            Drain(slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddGroup(int* sums, nint* rows, float* factors)
    {
        var r0 = (T*)rows[0];
        var r1 = (T*)rows[1];
        var r2 = (T*)rows[2];
        var r3 = (T*)rows[3];
        var r4 = (T*)rows[4];
        var r5 = (T*)rows[5];
        var r6 = (T*)rows[6];
        var r7 = (T*)rows[7];
        var f0 = Vector512.Create(factors[0]);
        var f1 = Vector512.Create(factors[1]);
        var f2 = Vector512.Create(factors[2]);
        var f3 = Vector512.Create(factors[3]);
        var f4 = Vector512.Create(factors[4]);
        var f5 = Vector512.Create(factors[5]);
        var f6 = Vector512.Create(factors[6]);
        var f7 = Vector512.Create(factors[7]);
        // What eight shifted integers have too much is taken off in one go.
        var excess = Vector512.Create(unchecked(GroupLength * RoundingShiftBits));
        nint i = 0;
        nint last = _inputs - Lanes;
        var ahead = _ahead;
        _ahead += (nint)_inputs * GroupLength * sizeof(T);
        for (; i <= last; i += Lanes)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(ahead + i * GroupLength * sizeof(T));
                Sse.Prefetch1(ahead + i * GroupLength * sizeof(T) + CacheLine);
            }
            var sum = Vector512.LoadAligned(sums + i) - excess;
            sum += Shifted(r0 + i, f0) + Shifted(r1 + i, f1);
            sum += Shifted(r2 + i, f2) + Shifted(r3 + i, f3);
            sum += Shifted(r4 + i, f4) + Shifted(r5 + i, f5);
            sum += Shifted(r6 + i, f6) + Shifted(r7 + i, f7);
            sum.StoreAligned(sums + i);
        }
        if (i < _inputs)
        {
            for (var row = 0; row < GroupLength; row++)
                AddTail(sums, (T*)rows[row], factors[row], i);
        }
    }

    private void AddRow(int* sums, T* row, float factor)
    {
        var factors = Vector512.Create(factor);
        var excess = Vector512.Create(RoundingShiftBits);
        nint i = 0;
        for (; i <= _inputs - Lanes; i += Lanes)
            (Vector512.LoadAligned(sums + i) - excess + Shifted(row + i, factors)).StoreAligned(sums + i);
        AddTail(sums, row, factor, i);
    }

    private void AddTail(int* sums, T* row, float factor, nint from)
    {
        for (var i = from; i < _inputs; i++)
            sums[i] += FixedPoint.Quantise(TValues.Load1(row + i), factor);
    }

    /// <summary>Value times factor, fused with the shift and so rounded once, half to even, as integers that are <see cref="RoundingShiftBits"/> too large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Shifted(T* values, Vector512<float> factor) =>
        Vector512.FusedMultiplyAdd(TValues.Load16(values), factor, Vector512.Create(RoundingShift)).AsInt32();
}
