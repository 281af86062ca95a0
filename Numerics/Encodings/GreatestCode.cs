using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Codes decide addresses: kernels check them a block at a time, by vectors, and need no check of their own. The codes are in cache afterwards.</summary>
internal static class GreatestCode
{
    /// <summary>The greatest of some codes; 0 of none.</summary>
    public static int Of(ReadOnlySpan<ushort> codes)
    {
        ref var first = ref MemoryMarshal.GetReference(codes);
        var (even, odd) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
        nuint i = 0;
        for (; i + 2 * (nuint)Vector256<ushort>.Count <= (nuint)codes.Length; i += 2 * (nuint)Vector256<ushort>.Count)
        {
            even = Vector256.Max(even, Vector256.LoadUnsafe(ref first, i));
            odd = Vector256.Max(odd, Vector256.LoadUnsafe(ref first, i + (nuint)Vector256<ushort>.Count));
        }
        even = Vector256.Max(even, odd);
        var half = Vector128.Max(even.GetLower(), even.GetUpper());
        var quarter = Vector64.Max(half.GetLower(), half.GetUpper());
        var greatest = Math.Max(Math.Max(quarter[0], quarter[1]), Math.Max(quarter[2], quarter[3]));
        foreach (var code in codes[(int)i..])
            greatest = Math.Max(greatest, code);
        return greatest;
    }
}
