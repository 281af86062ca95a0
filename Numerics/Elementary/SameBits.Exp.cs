using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Elementary;

/// <content>
/// x = k log 2 + r with k the nearest integer, so |r| is at most 0.3466; exp r = 1 + (r + r^2 Q(r)) with Q from the Taylor series up to
/// r^13 / 13!, which leaves out less than 2^-57; exp x = 2^k exp r. 2^k is applied as two factors, so that only the last multiplication
/// rounds where the result is subnormal.
/// </content>
public static partial class SameBits
{
    private const double Log2Reciprocal = 1.4426950408889634074;

    /// <summary>Beyond these the result is 0 or infinity anyway, and the factors of 2^k stay in range.</summary>
    private const double LeastArgument = -746;

    private const double GreatestArgument = 710;

    private const double C2 = 1.0 / 2;
    private const double C3 = 1.0 / 6;
    private const double C4 = 1.0 / 24;
    private const double C5 = 1.0 / 120;
    private const double C6 = 1.0 / 720;
    private const double C7 = 1.0 / 5040;
    private const double C8 = 1.0 / 40320;
    private const double C9 = 1.0 / 362880;
    private const double C10 = 1.0 / 3628800;
    private const double C11 = 1.0 / 39916800;
    private const double C12 = 1.0 / 479001600;
    private const double C13 = 1.0 / 6227020800;

    /// <summary>exp x, within 2 ulp, subnormal results included. Infinity above 709.78, 0 below -745.13; NaN gives NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        x = x < LeastArgument ? LeastArgument : x > GreatestArgument ? GreatestArgument : x;
        var shifted = Math.FusedMultiplyAdd(x, Log2Reciprocal, RoundingShift);
        var k = shifted - RoundingShift;
        var power = BitConverter.DoubleToInt64Bits(shifted) - RoundingShiftBits;
        var r = Math.FusedMultiplyAdd(-k, Log2High, x);
        r = Math.FusedMultiplyAdd(-k, Log2Low, r);
        var w = r * r;
        var even = Math.FusedMultiplyAdd(w, C12, C10);
        var odd = Math.FusedMultiplyAdd(w, C13, C11);
        even = Math.FusedMultiplyAdd(w, even, C8);
        odd = Math.FusedMultiplyAdd(w, odd, C9);
        even = Math.FusedMultiplyAdd(w, even, C6);
        odd = Math.FusedMultiplyAdd(w, odd, C7);
        even = Math.FusedMultiplyAdd(w, even, C4);
        odd = Math.FusedMultiplyAdd(w, odd, C5);
        even = Math.FusedMultiplyAdd(w, even, C2);
        odd = Math.FusedMultiplyAdd(w, odd, C3);
        var q = Math.FusedMultiplyAdd(odd, r, even);
        var e = 1 + Math.FusedMultiplyAdd(q, w, r);
        var half = ((power + 2048) >>> 1) - 1024;
        return e * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    /// <summary>exp x of every lane: the bits of <see cref="Exp(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        var least = Vector512.Create(LeastArgument);
        var greatest = Vector512.Create(GreatestArgument);
        var clamped = Vector512.ConditionalSelect(Vector512.LessThan(x, least), least, x);
        clamped = Vector512.ConditionalSelect(Vector512.GreaterThan(x, greatest), greatest, clamped);
        var shifted = Vector512.FusedMultiplyAdd(clamped, Vector512.Create(Log2Reciprocal), Vector512.Create(RoundingShift));
        var k = shifted - Vector512.Create(RoundingShift);
        var power = shifted.AsInt64() - Vector512.Create(RoundingShiftBits);
        var r = Vector512.FusedMultiplyAdd(-k, Vector512.Create(Log2High), clamped);
        r = Vector512.FusedMultiplyAdd(-k, Vector512.Create(Log2Low), r);
        var w = r * r;
        var even = Vector512.FusedMultiplyAdd(w, Vector512.Create(C12), Vector512.Create(C10));
        var odd = Vector512.FusedMultiplyAdd(w, Vector512.Create(C13), Vector512.Create(C11));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(C8));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(C9));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(C6));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(C7));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(C4));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(C5));
        even = Vector512.FusedMultiplyAdd(w, even, Vector512.Create(C2));
        odd = Vector512.FusedMultiplyAdd(w, odd, Vector512.Create(C3));
        var q = Vector512.FusedMultiplyAdd(odd, r, even);
        var e = Vector512<double>.One + Vector512.FusedMultiplyAdd(q, w, r);
        var half = ((power + Vector512.Create(2048L)) >>> 1) - Vector512.Create(1024L);
        var result = e * PowerOfTwo(half) * PowerOfTwo(power - half);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), result, Vector512.Create(double.NaN));
    }

    private static double PowerOfTwo(long power) => BitConverter.Int64BitsToDouble((power + 1023) << 52);

    private static Vector512<double> PowerOfTwo(Vector512<long> power) => ((power + Vector512.Create(1023L)) << 52).AsDouble();
}
