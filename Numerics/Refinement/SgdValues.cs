using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>How a kernel reads the values of a dense row.</summary>
internal unsafe interface ISgdValues
{
    /// <summary>Values <paramref name="index"/> to <paramref name="index"/> + 7.</summary>
    static abstract Vector256<float> Load(byte* row, nint index);

    static abstract float LoadOne(byte* row, nint index);
}

/// <summary>Bytes.</summary>
internal readonly unsafe struct SgdByteValues : ISgdValues
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint index)
    {
        if (Avx2.IsSupported)
            return Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(row + index));
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(row + index)).AsByte());
        var (low, high) = Vector128.Widen(words);
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    public static float LoadOne(byte* row, nint index) => row[index];
}

/// <summary>Float32.</summary>
internal readonly unsafe struct SgdFloatValues : ISgdValues
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint index) => Vector256.Load((float*)row + index);

    public static float LoadOne(byte* row, nint index) => ((float*)row)[index];
}
