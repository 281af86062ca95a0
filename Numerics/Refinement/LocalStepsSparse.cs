using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Steps on sparse rows. A row of U is padded to whole cache lines; a step reads and changes the rows of U that a row of the batch has, no other. Sums run over the
/// entries of a row, and gradients over the rows of the batch, in order and by fused multiply-adds, each class in a lane of its own.
/// </summary>
/// <remarks>State (momentum and the like) of a row of U moves only in steps that touch it, and so does the penalty.</remarks>
internal sealed unsafe class LocalStepsSparse : LocalSteps
{
    private const int Line = 16;

    private readonly int _stride;
    private readonly SgdBuffer _weights;
    private readonly SgdBuffer[] _state;
    private readonly SgdBuffer _sum;
    private readonly SgdBuffer _gradient;
    private readonly int[] _slotOfInput;
    private readonly int[] _touched;

    public LocalStepsSparse(SgdSparseRows rows, SgdSettings settings)
        : base(rows, settings, Padded(rows.Classes))
    {
        _stride = Padded(rows.Classes);
        var length = (long)_stride * rows.WeightRows;
        (_weights, _state) = (new SgdBuffer(length), States(length));
        _sum = new SgdBuffer(_stride);
        _slotOfInput = new int[rows.WeightRows];
        // Slot 0 stands for none.
        _touched = new int[1 + MostTouched(rows, settings.Batch)];
        _gradient = new SgdBuffer((long)_touched.Length * _stride);
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
        {
            var entries = SgdSparseRows.EntriesOf((byte*)BatchRows[m]);
            for (nint c = 0; c < _stride; c += Line)
                SumLine(entries, c);
            for (var c = 0; c < Classes; c++)
                scores[m * Classes + c] = Bias[c] + (double)BatchScales[m] * _sum.Start[c];
        }
    }

    private protected override void Apply<TRule>(TRule rule, int count)
    {
        var used = 0;
        for (var m = 0; m < count; m++)
        {
            var residuals = Residuals.Start + (nint)m * _stride;
            foreach (var (input, value) in SgdSparseRows.EntriesOf((byte*)BatchRows[m]))
            {
                var slot = _slotOfInput[input];
                if (slot == 0)
                {
                    slot = ++used;
                    (_slotOfInput[input], _touched[slot]) = (slot, input);
                    new Span<float>(_gradient.Start + (nint)slot * _stride, _stride).Clear();
                }
                var sum = _gradient.Start + (nint)slot * _stride;
                var x = Vector256.Create(value);
                for (nint c = 0; c < _stride; c += Lanes)
                    Vector256.FusedMultiplyAdd(x, Vector256.LoadAligned(residuals + c), Vector256.LoadAligned(sum + c)).StoreAligned(sum + c);
            }
        }
        var first = StartOf(_state, 0);
        var second = StartOf(_state, 1);
        for (var slot = 1; slot <= used; slot++)
        {
            _slotOfInput[_touched[slot]] = 0;
            var at = (nint)_touched[slot] * _stride;
            for (nint c = 0; c < _stride; c += Lanes)
                rule.Step(_weights.Start + at + c, _gradient.Start + (nint)slot * _stride + c, first + at + c, second + at + c);
        }
    }

    /// <summary>Sixteen classes of a row's sum, in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SumLine(ReadOnlySpan<SgdSparseRows.Entry> entries, nint c)
    {
        var (low, high) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var weights = _weights.Start + c;
        foreach (var (input, value) in entries)
        {
            var row = weights + (nint)input * _stride;
            var x = Vector256.Create(value);
            low = Vector256.FusedMultiplyAdd(x, Vector256.LoadAligned(row), low);
            high = Vector256.FusedMultiplyAdd(x, Vector256.LoadAligned(row + Lanes), high);
        }
        low.StoreAligned(_sum.Start + c);
        high.StoreAligned(_sum.Start + c + Lanes);
    }

    /// <summary>Inputs that a batch touches at most: those of the longest rows.</summary>
    private static int MostTouched(SgdSparseRows rows, int batch)
    {
        var lengths = rows.Lengths.ToArray();
        Array.Sort(lengths);
        long most = 0;
        for (var i = Math.Max(0, lengths.Length - batch); i < lengths.Length; i++)
            most += lengths[i];
        return (int)Math.Min(most, rows.WeightRows);
    }

    private static int Padded(int classes) => checked((classes + Line - 1) / Line * Line);
}
