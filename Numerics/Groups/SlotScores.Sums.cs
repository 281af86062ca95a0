using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Groups;

/// <content>The loss of a layer's temperatures with its derivatives.</content>
public sealed partial class SlotScores
{
    /// <summary>Loss, gradient and second derivatives at temperatures of the layer, summed over the rows.</summary>
    public ExactTemperatureSums Sums(ReadOnlySpan<double> temperatures)
    {
        var slots = _slots.Count;
        var sums = new ExactTemperatureSums(slots) { Rows = _rows.Count };
        var (scores, p, weighted, means) = (new double[Stride], new double[Stride], new double[slots * Stride], new double[slots]);
        var active = new int[slots];
        for (var row = 0; row < _rows.Count; row++)
        {
            _base.AsSpan(row * Stride, Stride).CopyTo(scores);
            AddLayer(row, temperatures, scores);
            var label = _labels[row];
            sums.Loss += ExactSum.Units(Softmax.Probabilities(scores.AsSpan(0, Classes), p.AsSpan(0, Classes)) - scores[label]);
            var count = 0;
            for (var slot = 0; slot < slots; slot++)
            {
                if (!_present[row * slots + slot])
                    continue;
                active[count++] = slot;
                ref var layer = ref SumOf(row, slot);
                means[slot] = Weigh(ref layer, ref p[0], ref weighted[slot * Stride]);
                sums.Gradient[slot] += ExactSum.Units(means[slot] - Unsafe.Add(ref layer, label));
            }
            for (var k = 0; k < count; k++)
            {
                var first = active[k] * slots - active[k] * (active[k] + 1) / 2;
                for (var l = k; l < count; l++)
                {
                    var product = Dot(ref weighted[active[k] * Stride], ref SumOf(row, active[l]));
                    sums.Curvature[first + active[l]] += ExactSum.Units(product - means[active[k]] * means[active[l]]);
                }
            }
        }
        return sums;
    }

    /// <summary>weighted = layer x p, class by class; gives the sum.</summary>
    private double Weigh(ref double layer, ref double p, ref double weighted)
    {
        var sum = Vector256<double>.Zero;
        for (var c = 0; c < Stride; c += Lanes)
        {
            var product = Vector256.LoadUnsafe(ref layer, (nuint)c) * Vector256.LoadUnsafe(ref p, (nuint)c);
            product.StoreUnsafe(ref weighted, (nuint)c);
            sum += product;
        }
        return sum[0] + sum[1] + (sum[2] + sum[3]);
    }

    /// <summary>The product of two rows of numbers: lane by lane, then the lanes in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Dot(ref double a, ref double b)
    {
        var sum = Vector256<double>.Zero;
        for (var c = 0; c < Stride; c += Lanes)
            sum += Vector256.LoadUnsafe(ref a, (nuint)c) * Vector256.LoadUnsafe(ref b, (nuint)c);
        return sum[0] + sum[1] + (sum[2] + sum[3]);
    }
}
