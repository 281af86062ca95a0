using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Elementary;

/// <content>The same functions on vectors half as wide, for kernels whose rows or classes come in fours: each lane has the bits of the scalar.</content>
public static partial class SameBits
{
    /// <summary>exp x of every lane: the bits of <see cref="Exp(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        var least = Vector256.Create(LeastArgument);
        var greatest = Vector256.Create(GreatestArgument);
        var clamped = Vector256.ConditionalSelect(Vector256.LessThan(x, least), least, x);
        clamped = Vector256.ConditionalSelect(Vector256.GreaterThan(x, greatest), greatest, clamped);
        var shifted = Vector256.FusedMultiplyAdd(clamped, Vector256.Create(Log2Reciprocal), Vector256.Create(RoundingShift));
        var k = shifted - Vector256.Create(RoundingShift);
        var power = shifted.AsInt64() - Vector256.Create(RoundingShiftBits);
        var r = Vector256.FusedMultiplyAdd(-k, Vector256.Create(Log2High), clamped);
        r = Vector256.FusedMultiplyAdd(-k, Vector256.Create(Log2Low), r);
        var w = r * r;
        var even = Vector256.FusedMultiplyAdd(w, Vector256.Create(C12), Vector256.Create(C10));
        var odd = Vector256.FusedMultiplyAdd(w, Vector256.Create(C13), Vector256.Create(C11));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(C8));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(C9));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(C6));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(C7));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(C4));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(C5));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(C2));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(C3));
        var q = Vector256.FusedMultiplyAdd(odd, r, even);
        var e = Vector256<double>.One + Vector256.FusedMultiplyAdd(q, w, r);
        var half = ((power + Vector256.Create(2048L)) >>> 1) - Vector256.Create(1024L);
        var result = e * PowerOfTwo(half) * PowerOfTwo(power - half);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), result, Vector256.Create(double.NaN));
    }

    /// <summary>log x of every lane: the bits of <see cref="Log(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        var subnormal = Vector256.LessThan(x, Vector256.Create(SmallestNormal));
        var normal = Vector256.ConditionalSelect(subnormal, x * TwoTo54, x);
        var bits = normal.AsInt64();
        var power = ((bits - Vector256.Create(RootHalfBits - (ExponentBias << 52))) >>> 52) - Vector256.Create(ExponentBias);
        var exponent = (power + Vector256.Create(RoundingShiftBits)).AsDouble() - Vector256.Create(RoundingShift);
        exponent = Vector256.ConditionalSelect(subnormal, exponent - Vector256.Create(54.0), exponent);
        var f = (bits - (power << 52)).AsDouble() - Vector256<double>.One;
        var s = f / (Vector256.Create(2.0) + f);
        var z = s * s;
        var w = z * z;
        var odd = Vector256.FusedMultiplyAdd(w, Vector256.Create(2.0 / 19), Vector256.Create(2.0 / 15));
        var even = Vector256.FusedMultiplyAdd(w, Vector256.Create(2.0 / 21), Vector256.Create(2.0 / 17));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(2.0 / 11));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(2.0 / 13));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(2.0 / 7));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(2.0 / 9));
        odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(2.0 / 3));
        even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(2.0 / 5));
        var r = z * Vector256.FusedMultiplyAdd(z, even, odd);
        var small = f - Vector256.FusedMultiplyAdd(-exponent, Vector256.Create(Log2Low), s * (f - r));
        var result = Vector256.FusedMultiplyAdd(exponent, Vector256.Create(Log2High), small);

        var infinity = Vector256.Create(double.PositiveInfinity);
        var ordinary = Vector256.GreaterThan(x, Vector256<double>.Zero) & Vector256.LessThan(x, infinity);
        if (ordinary.AsInt64() == Vector256<long>.AllBitsSet)
            return result;
        var special = Vector256.ConditionalSelect(Vector256.Equals(x, infinity), infinity, Vector256.Create(double.NaN));
        special = Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<double>.Zero), Vector256.Create(double.NegativeInfinity), special);
        return Vector256.ConditionalSelect(ordinary, result, special);
    }

    private static Vector256<double> PowerOfTwo(Vector256<long> power) => ((power + Vector256.Create(1023L)) << 52).AsDouble();
}
