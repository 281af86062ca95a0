using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Elementary;

/// <content>
/// x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1 (exact), s = f / (2 + f), z = s^2. Then
/// log m = 2 atanh s = 2 s + s R(z) with R(z) = 2 (z/3 + z^2/5 + ...), and 2 s = f - s f gives log m = f - s (f - R(z)), whose rounding
/// errors are small beside f. |s| is at most 0.1716, so that ten terms leave out less than 2^-60 of the sum.
/// </content>
public static partial class SameBits
{
    private const long RootHalfBits = 0x3FE6A09E667F3BCD;
    private const long ExponentBias = 1024;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double TwoTo54 = 18014398509481984;

    /// <summary>1.5 x 2^52: an integer added to its bits is added to its value, and the sum rounds to an integer.</summary>
    private const double RoundingShift = 6755399441055744;

    private const long RoundingShiftBits = 0x4338000000000000;

    /// <summary>log x, within 2 ulp. 0 gives minus infinity, a negative number or NaN gives NaN, infinity gives itself.</summary>
    public static double Log(double x)
    {
        if (!(x > 0 && x < double.PositiveInfinity))
            return x == 0 ? double.NegativeInfinity : x == double.PositiveInfinity ? x : double.NaN;
        double exponent = 0;
        if (x < SmallestNormal)
            (x, exponent) = (x * TwoTo54, -54);
        var bits = BitConverter.DoubleToInt64Bits(x);
        var power = ((bits - RootHalfBits + (ExponentBias << 52)) >>> 52) - ExponentBias;
        exponent += power;
        var f = BitConverter.Int64BitsToDouble(bits - (power << 52)) - 1;
        var s = f / (2 + f);
        var z = s * s;
        var w = z * z;
        var odd = Math.FusedMultiplyAdd(w, 2.0 / 19, 2.0 / 15);
        var even = Math.FusedMultiplyAdd(w, 2.0 / 21, 2.0 / 17);
        odd = Math.FusedMultiplyAdd(w, odd, 2.0 / 11);
        even = Math.FusedMultiplyAdd(w, even, 2.0 / 13);
        odd = Math.FusedMultiplyAdd(w, odd, 2.0 / 7);
        even = Math.FusedMultiplyAdd(w, even, 2.0 / 9);
        odd = Math.FusedMultiplyAdd(w, odd, 2.0 / 3);
        even = Math.FusedMultiplyAdd(w, even, 2.0 / 5);
        var r = z * Math.FusedMultiplyAdd(z, even, odd);
        var small = f - Math.FusedMultiplyAdd(-exponent, Log2Low, s * (f - r));
        return Math.FusedMultiplyAdd(exponent, Log2High, small);
    }

    /// <summary>log x of every lane: the bits of <see cref="Log(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x)
    {
        var subnormal = Vector512.LessThan(x, Vector512.Create(SmallestNormal));
        var normal = Vector512.ConditionalSelect(subnormal, x * TwoTo54, x);
        var bits = normal.AsInt64();
        var power = ((bits - Vector512.Create(RootHalfBits - (ExponentBias << 52))) >>> 52) - Vector512.Create(ExponentBias);
        var exponent = (power + Vector512.Create(RoundingShiftBits)).AsDouble() - Vector512.Create(RoundingShift);
        exponent = Vector512.ConditionalSelect(subnormal, exponent - Vector512.Create(54.0), exponent);
        var f = (bits - (power << 52)).AsDouble() - Vector512<double>.One;
        var s = f / (Vector512.Create(2.0) + f);
        var z = s * s;
        var w = z * z;
        var odd = Vector512.FusedMultiplyAdd(w, Vector512.Create(2.0 / 19), Vector512.Create(2.0 / 15));
        var even = Vector512.FusedMultiplyAdd(w, Vector512.Create(2.0 / 21), Vector512.Create(2.0 / 17));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(2.0 / 11));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(2.0 / 13));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(2.0 / 7));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(2.0 / 9));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(2.0 / 3));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(2.0 / 5));
        var r = z * Vector512.FusedMultiplyAdd(z, even, odd);
        var small = f - Vector512.FusedMultiplyAdd(-exponent, Vector512.Create(Log2Low), s * (f - r));
        var result = Vector512.FusedMultiplyAdd(exponent, Vector512.Create(Log2High), small);

        var infinity = Vector512.Create(double.PositiveInfinity);
        var ordinary = Vector512.GreaterThan(x, Vector512<double>.Zero) & Vector512.LessThan(x, infinity);
        if (ordinary.AsInt64() == Vector512<long>.AllBitsSet)
            return result;
        var special = Vector512.ConditionalSelect(Vector512.Equals(x, infinity), infinity, Vector512.Create(double.NaN));
        special = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), Vector512.Create(double.NegativeInfinity), special);
        return Vector512.ConditionalSelect(ordinary, result, special);
    }
}
