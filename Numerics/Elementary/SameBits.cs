using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Elementary;

/// <summary>
/// Natural logarithm and exponential with the same bits on every processor and for every vector width: only + - x /, explicit fused
/// multiply-add and integer operations, each lane on its own, the scalar doing what a lane does. Results are within 2 ulp of the true value.
/// For numbers whose bits count (docs/math.md 2 to 5); Math.Log and TensorPrimitives change with vector width, call length and C library.
/// </summary>
public static partial class SameBits
{
    private const int Lanes = 8;

    /// <summary>log 2 rounded to a double, and what that rounding left out: a fused multiply-add uses the first without a second rounding.</summary>
    private const double Log2High = 0.69314718055994530942;

    private const double Log2Low = 2.3190468138462995584e-17;

    /// <summary>Natural logarithms of all of <paramref name="x"/>; the spans may be the same.</summary>
    /// <exception cref="ArgumentException"><paramref name="result"/> is shorter than <paramref name="x"/>, or overlaps it elsewhere.</exception>
    public static void Log(ReadOnlySpan<double> x, Span<double> result) => Each<LogLane>(x, result);

    /// <summary>Exponentials of all of <paramref name="x"/>; the spans may be the same.</summary>
    /// <exception cref="ArgumentException"><paramref name="result"/> is shorter than <paramref name="x"/>, or overlaps it elsewhere.</exception>
    public static void Exp(ReadOnlySpan<double> x, Span<double> result) => Each<ExpLane>(x, result);

    private static void Each<TFunction>(ReadOnlySpan<double> x, Span<double> result)
        where TFunction : IFunction
    {
        if (result.Length < x.Length)
            throw new ArgumentException($"{x.Length} results do not fit a span of {result.Length}", nameof(result));
        if (x.Overlaps(result, out var offset) && offset != 0)
            throw new ArgumentException("the spans overlap but do not start together", nameof(result));
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(result);
        nuint i = 0;
        var vectors = (nuint)(x.Length & ~(Lanes - 1));
        for (; i < vectors; i += Lanes)
            TFunction.Of(Vector512.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        for (; i < (nuint)x.Length; i++)
            Unsafe.Add(ref to, i) = TFunction.Of(Unsafe.Add(ref from, i));
    }

    private interface IFunction
    {
        static abstract double Of(double x);

        static abstract Vector512<double> Of(Vector512<double> x);
    }

    private readonly struct LogLane : IFunction
    {
        public static double Of(double x) => Log(x);

        public static Vector512<double> Of(Vector512<double> x) => Log(x);
    }

    private readonly struct ExpLane : IFunction
    {
        public static double Of(double x) => Exp(x);

        public static Vector512<double> Of(Vector512<double> x) => Exp(x);
    }
}
