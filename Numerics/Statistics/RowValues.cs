using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>How a kernel reads the values of a dense row.</summary>
internal unsafe interface IRowValues<T>
    where T : unmanaged
{
    /// <summary>The L1 norm of a row: exact for bytes, a sequential float64 sum for float32 (docs/math.md 1).</summary>
    static abstract double Norm(T* row, int inputs);

    /// <summary>Sixteen values.</summary>
    static abstract Vector512<float> Load16(T* values);

    /// <summary>Eight values.</summary>
    static abstract Vector256<float> Load8(T* values);

    static abstract float Load1(T* value);
}

/// <summary>Bytes.</summary>
internal readonly unsafe struct ByteValues : IRowValues<byte>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Norm(byte* row, int inputs)
    {
        var i = 0;
        long sum = 0;
        if (Avx512BW.IsSupported)
        {
            var sums = Vector512<ulong>.Zero;
            for (; i <= inputs - 64; i += 64)
                sums += Avx512BW.SumAbsoluteDifferences(Vector512.Load(row + i), Vector512<byte>.Zero).AsUInt64();
            var rest = Vector128<ulong>.Zero;
            for (; i <= inputs - 16; i += 16)
                rest += Sse2.SumAbsoluteDifferences(Vector128.Load(row + i), Vector128<byte>.Zero).AsUInt64();
            var half = sums.GetLower() + sums.GetUpper();
            rest += half.GetLower() + half.GetUpper();
            sum = (long)(rest[0] + rest[1]);
        }
        else if (Avx2.IsSupported)
        {
            var sums = Vector256<ulong>.Zero;
            for (; i <= inputs - 32; i += 32)
                sums += Avx2.SumAbsoluteDifferences(Vector256.Load(row + i), Vector256<byte>.Zero).AsUInt64();
            var rest = sums.GetLower() + sums.GetUpper();
            for (; i <= inputs - 16; i += 16)
                rest += Sse2.SumAbsoluteDifferences(Vector128.Load(row + i), Vector128<byte>.Zero).AsUInt64();
            sum = (long)(rest[0] + rest[1]);
        }
        for (; i < inputs; i++)
            sum += row[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(byte* values)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(values)));
        return Vector512.Create(Load8(values), Load8(values + 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(byte* values)
    {
        if (Avx2.IsSupported)
            return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(values));
        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)values).AsByte()));
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    public static float Load1(byte* value) => *value;
}

/// <summary>Float32, finite and at least 0.</summary>
internal readonly unsafe struct FloatValues : IRowValues<float>
{
    public static double Norm(float* row, int inputs)
    {
        double sum = 0;
        for (var i = 0; i < inputs; i++)
            sum += row[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(float* values) => Vector512.Load(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(float* values) => Vector256.Load(values);

    public static float Load1(float* value) => *value;
}
