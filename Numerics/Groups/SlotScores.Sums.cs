using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Groups;

/// <content>The loss of a layer's temperatures with its derivatives.</content>
public sealed partial class SlotScores
{
    /// <summary>Loss, gradient and second derivatives at temperatures of the layer, summed over the rows, each as often as it counts.</summary>
    public ExactTemperatureSums Sums(ReadOnlySpan<double> temperatures)
    {
        var slots = _slots.Count;
        var sums = new ExactTemperatureSums(slots) { Rows = _rows.Count };
        var (scores, p, weighted, means) = (new double[Stride], new double[Stride], new double[Stride], new double[slots]);
        var active = new int[slots];
        for (var row = 0; row < _rows.Count; row++)
        {
            _base.AsSpan(row * Stride, Stride).CopyTo(scores);
            AddLayer(row, temperatures, scores);
            var label = _labels[row];
            var weight = _weights?[label] ?? 1;
            sums.Loss += ExactSum.Units(weight * (Softmax.Probabilities(scores.AsSpan(0, Classes), p.AsSpan(0, Classes)) - scores[label]));
            var count = 0;
            for (var slot = 0; slot < slots; slot++)
            {
                if (!_present[row * slots + slot])
                    continue;
                active[count++] = slot;
                ref var layer = ref SumOf(row, slot);
                means[slot] = Dot(ref layer, ref p[0]);
                sums.Gradient[slot] += ExactSum.Units(weight * (means[slot] - Unsafe.Add(ref layer, label)));
            }
            for (var k = 0; k < count; k++)
            {
                var first = active[k] * slots - active[k] * (active[k] + 1) / 2;
                ref var layer = ref SumOf(row, active[k]);
                for (var c = 0; c < Stride; c += Lanes)
                    (Vector256.LoadUnsafe(ref layer, (nuint)c) * Vector256.LoadUnsafe(ref p[0], (nuint)c)).StoreUnsafe(ref weighted[0], (nuint)c);
                for (var l = k; l < count; l++)
                {
                    var product = Dot(ref weighted[0], ref SumOf(row, active[l]));
                    sums.Curvature[first + active[l]] += ExactSum.Units(weight * (product - means[active[k]] * means[active[l]]));
                }
            }
        }
        return sums;
    }

    /// <summary>The product of two rows of numbers: lane by lane in two sums, the even and the odd vectors, then the lanes in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Dot(ref double a, ref double b)
    {
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var c = 0;
        for (; c <= Stride - 2 * Lanes; c += 2 * Lanes)
        {
            even += Vector256.LoadUnsafe(ref a, (nuint)c) * Vector256.LoadUnsafe(ref b, (nuint)c);
            odd += Vector256.LoadUnsafe(ref a, (nuint)(c + Lanes)) * Vector256.LoadUnsafe(ref b, (nuint)(c + Lanes));
        }
        if (c < Stride)
            even += Vector256.LoadUnsafe(ref a, (nuint)c) * Vector256.LoadUnsafe(ref b, (nuint)c);
        var sum = even + odd;
        return sum[0] + sum[1] + (sum[2] + sum[3]);
    }
}
