using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// Scores of training rows, each left out of the counts, while a solution by groups is made (docs/math.md 11): the scores so far, and slot by slot those
/// of the layer whose temperatures are sought. Holds rows x (slots + 2) x C float64 numbers. Belongs to one thread.
/// </summary>
public sealed partial class SlotScores
{
    private const int Lanes = 4;
    private const int Ahead = 4;
    private const int LineNumbers = 64 / sizeof(double);

    private readonly SparseRows _rows;
    private readonly FeatureSlots _slots;
    private readonly int[] _labels;
    private readonly double[]? _weights;
    private readonly int[] _units;
    private readonly bool[] _present;
    private readonly double[] _base;
    private readonly double[] _probabilities;
    private readonly double[] _scores;

    /// <param name="rows">The rows.</param>
    /// <param name="scale">What values are multiplied by; multiples of 2^-20 are taken.</param>
    /// <param name="slots">Slots of the inputs.</param>
    /// <param name="labels">A class a row.</param>
    /// <param name="prior">(C) the class prior: where scores start.</param>
    /// <param name="weights">(C) how often a row of each class counts; null where each counts once.</param>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is out of range.</exception>
    public SlotScores(SparseRows rows, SparseScale scale, FeatureSlots slots, int[] labels, double[] prior, double[]? weights = null)
    {
        LabelCheck.InRange(labels, rows.Count, prior.Length);
        (_rows, _slots, _labels, _weights, Classes, Stride) = (rows, slots, labels, weights, prior.Length, RatioTable.StrideOf(prior.Length));
        _units = new int[rows.Entries];
        for (var row = 0; row < rows.Count; row++)
            scale.Units(rows, row, _units.AsSpan(rows.Starts[row]));
        _present = new bool[rows.Count * slots.Count];
        _scores = new double[checked((long)rows.Count * slots.Count * Stride)];
        _base = new double[rows.Count * Stride];
        _probabilities = new double[rows.Count * Stride];
        for (var row = 0; row < rows.Count; row++)
            SameBits.Log(prior, _base.AsSpan(row * Stride, Classes));
        Normalise();
    }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>Numbers a row of scores: C rounded up to a multiple of 4.</summary>
    public int Stride { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _rows.Count;

    /// <summary>Scores so far: (rows, <see cref="Stride"/>).</summary>
    public ReadOnlySpan<double> Scores => _base;

    /// <summary>Bytes held for so many rows.</summary>
    public static long BytesFor(long rows, int slots, int classes) => rows * (slots + 2) * RatioTable.StrideOf(classes) * sizeof(double);

    /// <summary>Scores of the first layer, each row's own share taken out of its class's counts.</summary>
    public void TakeFirst(RatioTable table)
    {
        Clear();
        ref var ratios = ref MemoryMarshal.GetArrayDataReference(table.Ratios);
        for (var row = 0; row < _rows.Count; row++)
        {
            var label = _labels[row];
            var weight = _weights?[label] ?? 1;
            var end = _rows.Starts[row + 1];
            for (var i = _rows.Starts[row]; i < end; i++)
            {
                var (input, value) = (_rows.Indices[i], (double)_units[i] / FixedPoint.One);
                if (i + Ahead < _rows.Entries)
                    Prefetch(ref Unsafe.Add(ref ratios, (nint)_rows.Indices[i + Ahead] * Stride));
                ref var sum = ref SumOf(row, _slots[input]);
                ref var ratio = ref Unsafe.Add(ref ratios, (nint)input * Stride);
                for (var c = 0; c < Stride; c += Lanes)
                    (Vector256.LoadUnsafe(ref sum, (nuint)c) + Vector256.LoadUnsafe(ref ratio, (nuint)c) * value).StoreUnsafe(ref sum, (nuint)c);
                var counted = table.CountedOf(input, label);
                Unsafe.Add(ref sum, label) += value * SameBits.Log(Math.Max(counted - weight * value, table.SmoothingOf(input, label)) / counted);
            }
        }
    }

    /// <summary>The layer becomes part of the scores, at its temperatures. Gives the left-out loss, every row counted once, in units of <see cref="ExactSum"/>.</summary>
    public Int128 Apply(ReadOnlySpan<double> temperatures)
    {
        for (var row = 0; row < _rows.Count; row++)
            AddLayer(row, temperatures, _base.AsSpan(row * Stride, Stride));
        return Normalise();
    }

    private void AddLayer(int row, ReadOnlySpan<double> temperatures, Span<double> scores)
    {
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            if (!_present[row * _slots.Count + slot])
                continue;
            ref var layer = ref SumOf(row, slot);
            for (var c = 0; c < Stride; c += Lanes)
                (Vector256.LoadUnsafe(ref score, (nuint)c) + Vector256.LoadUnsafe(ref layer, (nuint)c) * temperatures[slot]).StoreUnsafe(ref score, (nuint)c);
        }
    }

    private Int128 Normalise()
    {
        Int128 loss = 0;
        for (var row = 0; row < _rows.Count; row++)
        {
            var log = Softmax.Probabilities(_base.AsSpan(row * Stride, Classes), _probabilities.AsSpan(row * Stride, Classes));
            loss += ExactSum.Units(log - _base[row * Stride + _labels[row]]);
        }
        return loss;
    }

    /// <summary>A row of a table, which is larger than the caches, is asked for before it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Prefetch(ref double row)
    {
        if (!Sse.IsSupported)
            return;
        for (var c = 0; c < Stride; c += LineNumbers)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref row, c)));
    }

    private void Clear()
    {
        Array.Clear(_scores);
        Array.Clear(_present);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref double SumOf(int row, int slot)
    {
        _present[row * _slots.Count + slot] = true;
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_scores), ((nint)row * _slots.Count + slot) * Stride);
    }
}
