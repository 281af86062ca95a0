using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Groups;

/// <content>A scaling pass: what the model expects, and left-out scores of what was counted against that.</content>
public sealed partial class SlotScores
{
    /// <summary>2^52 + 2^51: an integer added to its bits is added to its value, and the sum rounds to an integer, half to even.</summary>
    private const double RoundingShift = 6755399441055744;

    private const long RoundingShiftBits = 0x4338000000000000;

    /// <summary>H of these rows: round-half-even(2^30 x_j p_c), for the inputs of one part.</summary>
    /// <param name="part">Inputs j with j mod <paramref name="parts"/> = this.</param>
    /// <param name="parts">Number of parts.</param>
    public CountTable Expect(int part, int parts)
    {
        var (seen, rowOf) = SparseStatistics.Seen(_rows);
        if (parts > 1)
            (seen, rowOf) = OfPart(seen, part, parts);
        var counts = new long[checked((long)seen.Length * Stride)];
        ref var first = ref MemoryMarshal.GetArrayDataReference(counts);
        for (var row = 0; row < _rows.Count; row++)
        {
            ref var p = ref _probabilities[row * Stride];
            for (var i = _rows.Starts[row]; i < _rows.Starts[row + 1]; i++)
            {
                var input = _rows.Indices[i];
                if (parts > 1 && input % parts != part)
                    continue;
                var value = Vector256.Create(_units[i] * (double)(RatioTable.ExpectedOne / FixedPoint.One));
                ref var cells = ref Unsafe.Add(ref first, (nint)rowOf[input] * Stride);
                for (var c = 0; c < Stride; c += Lanes)
                {
                    var rounded = (Vector256.LoadUnsafe(ref p, (nuint)c) * value + Vector256.Create(RoundingShift)).AsInt64() - Vector256.Create(RoundingShiftBits);
                    (Vector256.LoadUnsafe(ref cells, (nuint)c) + rounded).StoreUnsafe(ref cells, (nuint)c);
                }
            }
        }
        return new CountTable(_rows.Layout.Inputs, Classes, seen, WithoutPadding(counts, seen.Length));
    }

    /// <summary>Scores of a pass, each row's own share taken out of both counts, for the inputs of one part.</summary>
    public void TakePass(RatioTable table, int part, int parts)
    {
        Clear();
        var classWeights = table.ClassWeights.AsSpan();
        ref var weight = ref MemoryMarshal.GetReference(classWeights);
        ref var padded = ref MemoryMarshal.GetArrayDataReference(_padded);
        _padded.AsSpan().Fill(1);
        for (var row = 0; row < _rows.Count; row++)
        {
            var label = _labels[row];
            ref var p = ref _probabilities[row * Stride];
            for (var i = _rows.Starts[row]; i < _rows.Starts[row + 1]; i++)
            {
                var input = _rows.Indices[i];
                if (parts > 1 && input % parts != part)
                    continue;
                var value = (double)_units[i] / FixedPoint.One;
                var least = .999 * table.Smoothing[input];
                ref var counted = ref table.Counted[(long)input * Stride];
                ref var expected = ref table.Expected[(long)input * Stride];
                for (var c = 0; c < Stride; c += Lanes)
                {
                    var rest = Vector256.LoadUnsafe(ref expected, (nuint)c) - Vector256.LoadUnsafe(ref p, (nuint)c) * value;
                    rest = Vector256.Max(rest, Vector256.LoadUnsafe(ref weight, (nuint)c) * least);
                    (Vector256.LoadUnsafe(ref counted, (nuint)c) / rest).StoreUnsafe(ref padded, (nuint)c);
                }
                var own = Math.Max(table.Expected[(long)input * Stride + label] - Unsafe.Add(ref p, label) * value, classWeights[label] * least);
                _padded[label] = Math.Max(table.Counted[(long)input * Stride + label] - value, classWeights[label] * least) / own;
                SameBits.Log(_padded, _padded);
                ref var sum = ref SumOf(row, _slots[input]);
                for (var c = 0; c < Stride; c += Lanes)
                    (Vector256.LoadUnsafe(ref sum, (nuint)c) + Vector256.LoadUnsafe(ref padded, (nuint)c) * value).StoreUnsafe(ref sum, (nuint)c);
            }
        }
    }

    private (int[] Seen, int[] RowOf) OfPart(int[] seen, int part, int parts)
    {
        seen = [.. seen.Where(input => input % parts == part)];
        var rowOf = new int[_rows.Layout.Inputs];
        for (var i = 0; i < seen.Length; i++)
            rowOf[seen[i]] = i;
        return (seen, rowOf);
    }

    private long[] WithoutPadding(long[] counts, int rows)
    {
        if (Stride == Classes)
            return counts;
        var packed = new long[(long)rows * Classes];
        for (var i = 0; i < rows; i++)
            counts.AsSpan(i * Stride, Classes).CopyTo(packed.AsSpan(i * Classes));
        return packed;
    }
}
