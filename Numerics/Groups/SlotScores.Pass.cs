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

    /// <summary>How often a row counts at most where the shift, which takes numbers below 2^51, rounds; rows that count more are few.</summary>
    private const double MostWeight = 1 << 10;

    /// <summary>A row's share of what is expected up to which the logarithm of the rest is summed up from its series, to 1e-17 of it.</summary>
    private const double SmallShare = 1.0 / 64;

    /// <summary>H of these rows: round-half-even(2^30 w x_j p_c), w that of the row's class, for the inputs of one part.</summary>
    /// <param name="part">Inputs j with j mod <paramref name="parts"/> = this.</param>
    /// <param name="parts">Number of parts.</param>
    public CountTable Expect(int part, int parts)
    {
        var (seen, rowOf) = SparseStatistics.Seen(_rows);
        if (parts > 1)
            (seen, rowOf) = OfPart(seen, part, parts);
        var counts = new long[checked((long)seen.Length * Classes)];
        ref var first = ref MemoryMarshal.GetArrayDataReference(counts);
        for (var row = 0; row < _rows.Count; row++)
        {
            ref var p = ref _probabilities[row * Stride];
            var weight = _weights?[_labels[row]] ?? 1;
            var lanes = weight <= MostWeight ? Classes - Lanes : -1;
            for (var i = _rows.Starts[row]; i < _rows.Starts[row + 1]; i++)
            {
                if (i + Ahead < _rows.Entries)
                    Prefetch(ref Unsafe.As<long, double>(ref Unsafe.Add(ref first, (nint)rowOf[_rows.Indices[i + Ahead]] * Classes)));
                var input = _rows.Indices[i];
                if (parts > 1 && input % parts != part)
                    continue;
                var value = weight * (_units[i] * (double)(RatioTable.ExpectedOne / FixedPoint.One));
                ref var cells = ref Unsafe.Add(ref first, (nint)rowOf[input] * Classes);
                var c = 0;
                for (; c <= lanes; c += Lanes)
                {
                    var rounded = (Vector256.LoadUnsafe(ref p, (nuint)c) * value + Vector256.Create(RoundingShift)).AsInt64() - Vector256.Create(RoundingShiftBits);
                    (Vector256.LoadUnsafe(ref cells, (nuint)c) + rounded).StoreUnsafe(ref cells, (nuint)c);
                }
                for (; c < Classes; c++)
                    Unsafe.Add(ref cells, c) += (long)Math.Round(Unsafe.Add(ref p, c) * value, MidpointRounding.ToEven);
            }
        }
        return new CountTable(_rows.Layout.Inputs, Classes, seen, counts);
    }

    /// <summary>
    /// Scores of a pass, each row's own share taken out of both counts, for the inputs of one part: log( (F - x) / (H - x p) ) is D - log(1 - u) with
    /// u = x p / H, where x is what the row counted as, and F changes for the row's own class only.
    /// </summary>
    public void TakePass(RatioTable table, int part, int parts)
    {
        Clear();
        ref var expecteds = ref MemoryMarshal.GetArrayDataReference(table.Expected);
        ref var ratios = ref MemoryMarshal.GetArrayDataReference(table.Ratios);
        for (var row = 0; row < _rows.Count; row++)
        {
            var label = _labels[row];
            var weight = _weights?[label] ?? 1;
            ref var p = ref _probabilities[row * Stride];
            for (var i = _rows.Starts[row]; i < _rows.Starts[row + 1]; i++)
            {
                if (i + Ahead < _rows.Entries)
                {
                    Prefetch(ref Unsafe.Add(ref expecteds, (nint)_rows.Indices[i + Ahead] * Stride));
                    Prefetch(ref Unsafe.Add(ref ratios, (nint)_rows.Indices[i + Ahead] * Stride));
                }
                var input = _rows.Indices[i];
                if (parts > 1 && input % parts != part)
                    continue;
                var value = (double)_units[i] / FixedPoint.One;
                var share = weight * value;
                ref var expected = ref Unsafe.Add(ref expecteds, (nint)input * Stride);
                ref var ratio = ref Unsafe.Add(ref ratios, (nint)input * Stride);
                ref var sum = ref SumOf(row, _slots[input]);
                for (var c = 0; c < Stride; c += Lanes)
                {
                    var u = Vector256.LoadUnsafe(ref p, (nuint)c) * share / Vector256.LoadUnsafe(ref expected, (nuint)c);
                    var left = Vector256.LoadUnsafe(ref ratio, (nuint)c) + MinusLogOfRest(u);
                    (Vector256.LoadUnsafe(ref sum, (nuint)c) + left * value).StoreUnsafe(ref sum, (nuint)c);
                }
                var counted = table.CountedOf(input, label);
                Unsafe.Add(ref sum, label) += value * SameBits.Log(Math.Max(counted - share, .999 * table.SmoothingOf(input, label)) / counted);
            }
        }
    }

    /// <summary>-log(1 - u) of every lane. A row's own share is within what is expected, and al comes on top: u is below 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> MinusLogOfRest(Vector256<double> u)
    {
        if (Vector256.GreaterThanAny(u, Vector256.Create(SmallShare)))
            return MinusLogOfRestEach(u);
        // u + u^2/2 + ... + u^8/8
        var square = u * u;
        var odd = Vector256.Create(1.0 / 3) + square * (Vector256.Create(1.0 / 5) + square * (1.0 / 7));
        var even = Vector256.Create(1.0 / 2) + square * (Vector256.Create(1.0 / 4) + square * (Vector256.Create(1.0 / 6) + square * (1.0 / 8)));
        return u + square * (even + u * odd);
    }

    private static Vector256<double> MinusLogOfRestEach(Vector256<double> u) => Vector256.Create(
        -SameBits.Log(Rest(u[0])), -SameBits.Log(Rest(u[1])), -SameBits.Log(Rest(u[2])), -SameBits.Log(Rest(u[3])));

    /// <summary>Rounded counts could leave a rest that is not above 0 only where nothing but this row is expected, and there al is left.</summary>
    private static double Rest(double u) => Math.Max(1 - u, 1e-12);

    private (int[] Seen, int[] RowOf) OfPart(int[] seen, int part, int parts)
    {
        seen = [.. seen.Where(input => input % parts == part)];
        var rowOf = new int[_rows.Layout.Inputs];
        for (var i = 0; i < seen.Length; i++)
            rowOf[seen[i]] = i;
        return (seen, rowOf);
    }
}
