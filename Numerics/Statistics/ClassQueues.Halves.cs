using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Statistics;

/// <content>A group of rows on processors without 512-bit vectors: eight lanes at a time, so that eight factors stay in registers.</content>
internal sealed unsafe partial class ClassQueues<T, TValues>
{
    private const int HalfLanes = Lanes / 2;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddGroupByHalves(int* sums, nint* rows, float* factors)
    {
        var r0 = (T*)rows[0];
        var r1 = (T*)rows[1];
        var r2 = (T*)rows[2];
        var r3 = (T*)rows[3];
        var r4 = (T*)rows[4];
        var r5 = (T*)rows[5];
        var r6 = (T*)rows[6];
        var r7 = (T*)rows[7];
        var f0 = Vector256.Create(factors[0]);
        var f1 = Vector256.Create(factors[1]);
        var f2 = Vector256.Create(factors[2]);
        var f3 = Vector256.Create(factors[3]);
        var f4 = Vector256.Create(factors[4]);
        var f5 = Vector256.Create(factors[5]);
        var f6 = Vector256.Create(factors[6]);
        var f7 = Vector256.Create(factors[7]);
        var excess = Vector256.Create(unchecked(GroupLength * RoundingShiftBits));
        var shift = Vector256.Create(RoundingShift);
        nint i = 0;
        nint last = _inputs - HalfLanes;
        var ahead = _ahead;
        _ahead += (nint)_inputs * GroupLength * sizeof(T);
        for (; i <= last; i += HalfLanes)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(ahead + i * GroupLength * sizeof(T));
            var sum = Vector256.Load(sums + i) - excess;
            sum += Shifted(r0 + i, f0, shift) + Shifted(r1 + i, f1, shift);
            sum += Shifted(r2 + i, f2, shift) + Shifted(r3 + i, f3, shift);
            sum += Shifted(r4 + i, f4, shift) + Shifted(r5 + i, f5, shift);
            sum += Shifted(r6 + i, f6, shift) + Shifted(r7 + i, f7, shift);
            sum.Store(sums + i);
        }
        if (i < _inputs)
        {
            for (var row = 0; row < GroupLength; row++)
                AddTail(sums, (T*)rows[row], factors[row], i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Shifted(T* values, Vector256<float> factor, Vector256<float> shift) =>
        Vector256.FusedMultiplyAdd(TValues.Load8(values), factor, shift).AsInt32();
}
