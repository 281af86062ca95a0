using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Steps on blocks. A row of U is padded to whole cache lines; a step reads and changes the rows of U that a row of the batch has, no other. Work runs over
/// blocks and within them over the batch's rows, so that a block's rows of U are in the cache for all of the batch.
/// </summary>
/// <remarks>
/// A score is a float32 sum from the bias on, blocks ascending. A gradient is a sum over the rows of the batch in order. State (momentum and the like) of a row
/// of U moves only in steps that touch it, and so does the penalty.
/// </remarks>
internal sealed unsafe class LocalStepsBlocks : LocalSteps
{
    private const int Line = 16;
    private const int CodesPerWord = 4;
    private const int CodesPerLine = 32;

    private readonly SgdBlockRows _rows;
    private readonly int _stride;
    private readonly SgdBuffer _weights;
    private readonly SgdBuffer[] _state;
    private readonly SgdBuffer _sums;
    private readonly SgdBuffer _gradient;
    private readonly int[] _slotOfCode;
    private readonly int[] _touched;

    public LocalStepsBlocks(SgdBlockRows rows, SgdSettings settings)
        : base(rows, settings, Padded(rows.Classes))
    {
        _rows = rows;
        _stride = Padded(rows.Classes);
        var length = (long)_stride * rows.WeightRows;
        (_weights, _state) = (new SgdBuffer(length), States(length));
        _sums = new SgdBuffer((long)settings.Batch * _stride);
        // Slot 0 stands for none.
        _gradient = new SgdBuffer((settings.Batch + 1L) * _stride);
        _touched = new int[settings.Batch + 1];
        _slotOfCode = new int[rows.MostCodes];
    }

    private protected override void Write(int firstRow, ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < weights.Length / Classes; i++)
            weights.Slice(i * Classes, Classes).CopyTo(_weights.Span[((firstRow + i) * _stride)..]);
    }

    private protected override void Read(int firstRow, Span<float> weights)
    {
        for (var i = 0; i < weights.Length / Classes; i++)
            _weights.Span.Slice((firstRow + i) * _stride, Classes).CopyTo(weights[(i * Classes)..]);
    }

    private protected override void ClearState()
    {
        foreach (var state in _state)
            state.Span.Clear();
    }

    private protected override void Score(int count, Span<double> scores)
    {
        for (var m = 0; m < count; m++)
            Bias.CopyTo(_sums.Span[(m * _stride)..]);
        fixed (nint* rows = BatchRows)
        {
            var block = 0;
            for (; block + CodesPerWord <= _rows.Blocks; block += CodesPerWord)
            {
                FetchFour(rows, count, block + CodesPerWord);
                for (nint c = 0; c < _stride; c += Line)
                    AddFour(rows, count, block, c);
            }
            for (; block < _rows.Blocks; block++)
                AddOne(rows, count, block);
        }
        for (var m = 0; m < count; m++)
        {
            for (var c = 0; c < Classes; c++)
                scores[m * Classes + c] = _sums.Start[m * _stride + c];
        }
    }

    private protected override void Apply<TRule>(TRule rule, int count)
    {
        fixed (nint* rows = BatchRows)
        fixed (int* slots = _slotOfCode)
        fixed (int* touched = _touched)
        {
            for (var block = 0; block < _rows.Blocks; block++)
            {
                var used = Gather(rows, count, block, slots, touched);
                Change(rule, _rows.Starts[block], used, slots, touched);
            }
        }
    }

    /// <summary>Asks for the weights of four blocks, and for the codes that follow, while those before are worked on: they are anywhere in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FetchFour(nint* rows, nint count, int block)
    {
        if (!Sse.IsSupported || block + CodesPerWord > _rows.Blocks)
            return;
        nint stride = _stride;
        var w0 = _weights.Start + _rows.Starts[block] * stride;
        var w1 = _weights.Start + _rows.Starts[block + 1] * stride;
        var w2 = _weights.Start + _rows.Starts[block + 2] * stride;
        var w3 = _weights.Start + _rows.Starts[block + 3] * stride;
        for (nint m = 0; m < count; m++)
        {
            var word = (ushort*)rows[m] + block;
            var codes = *(ulong*)word;
            Sse.Prefetch0(word + CodesPerLine);
            Sse.Prefetch0(w0 + (nint)(ushort)codes * stride);
            Sse.Prefetch0(w1 + (nint)(ushort)(codes >> 16) * stride);
            Sse.Prefetch0(w2 + (nint)(ushort)(codes >> 32) * stride);
            Sse.Prefetch0(w3 + (nint)(codes >> 48) * stride);
        }
    }

    /// <summary>Sixteen classes of four blocks: a row's sums are in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddFour(nint* rows, nint count, int block, nint c)
    {
        nint stride = _stride;
        var w0 = _weights.Start + _rows.Starts[block] * stride + c;
        var w1 = _weights.Start + _rows.Starts[block + 1] * stride + c;
        var w2 = _weights.Start + _rows.Starts[block + 2] * stride + c;
        var w3 = _weights.Start + _rows.Starts[block + 3] * stride + c;
        var sums = _sums.Start + c;
        for (nint m = 0; m < count; m++)
        {
            var codes = *(ulong*)((ushort*)rows[m] + block);
            var a = w0 + (nint)(ushort)codes * stride;
            var b = w1 + (nint)(ushort)(codes >> 16) * stride;
            var d = w2 + (nint)(ushort)(codes >> 32) * stride;
            var e = w3 + (nint)(codes >> 48) * stride;
            var low = Vector256.LoadAligned(sums) + Vector256.LoadAligned(a);
            var high = Vector256.LoadAligned(sums + Lanes) + Vector256.LoadAligned(a + Lanes);
            low += Vector256.LoadAligned(b);
            high += Vector256.LoadAligned(b + Lanes);
            low += Vector256.LoadAligned(d);
            high += Vector256.LoadAligned(d + Lanes);
            low += Vector256.LoadAligned(e);
            high += Vector256.LoadAligned(e + Lanes);
            low.StoreAligned(sums);
            high.StoreAligned(sums + Lanes);
            sums += stride;
        }
    }

    private void AddOne(nint* rows, nint count, int block)
    {
        for (nint m = 0; m < count; m++)
        {
            var from = _weights.Start + (nint)(_rows.Starts[block] + ((ushort*)rows[m])[block]) * _stride;
            var sums = _sums.Start + m * _stride;
            for (nint c = 0; c < _stride; c += Lanes)
                (Vector256.LoadAligned(sums + c) + Vector256.LoadAligned(from + c)).StoreAligned(sums + c);
        }
    }

    /// <summary>Sums the residuals of every code of a block; returns how many codes there were. Slots are numbered from 1 as codes appear.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Gather(nint* rows, nint count, int block, int* slots, int* touched)
    {
        nint stride = _stride;
        var residuals = Residuals.Start;
        var gradient = _gradient.Start;
        var start = (nint)_rows.Starts[block] * stride;
        var first = _state.Length > 0 ? _state[0].Start : _weights.Start;
        var second = _state.Length > 1 ? _state[1].Start : first;
        var used = 0;
        for (nint m = 0; m < count; m++)
        {
            nint code = ((ushort*)rows[m])[block];
            nint slot = slots[code];
            if (slot == 0)
            {
                slot = ++used;
                (slots[code], touched[slot]) = ((int)slot, (int)code);
                if (Sse.IsSupported)
                {
                    // Changed once the gradient of the block is complete.
                    Sse.Prefetch0(_weights.Start + start + code * stride);
                    Sse.Prefetch0(first + start + code * stride);
                    Sse.Prefetch0(second + start + code * stride);
                }
                for (nint c = 0; c < stride; c += Lanes)
                    Vector256.LoadAligned(residuals + c).StoreAligned(gradient + slot * stride + c);
            }
            else
            {
                var sum = gradient + slot * stride;
                for (nint c = 0; c < stride; c += Lanes)
                    (Vector256.LoadAligned(sum + c) + Vector256.LoadAligned(residuals + c)).StoreAligned(sum + c);
            }
            residuals += stride;
        }
        return used;
    }

    private void Change<TRule>(TRule rule, nint start, int used, int* slots, int* touched)
        where TRule : struct, ISgdRule
    {
        nint stride = _stride;
        var first = StartOf(_state, 0);
        var second = StartOf(_state, 1);
        for (var slot = 1; slot <= used; slot++)
        {
            slots[touched[slot]] = 0;
            var at = (start + touched[slot]) * stride;
            for (nint c = 0; c < stride; c += Lanes)
                rule.Step(_weights.Start + at + c, _gradient.Start + slot * stride + c, first + at + c, second + at + c);
        }
    }

    private static int Padded(int classes) => checked((classes + Line - 1) / Line * Line);
}
