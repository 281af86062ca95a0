using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExplicitCluster.Data.Formats;

/// <summary>Unsigned numbers in seven bits a byte, least significant first; the high bit says that more follow.</summary>
internal static class Varint
{
    public const int MaxLength = 10;

    public static int LengthOf(ulong value) => (BitOperations.Log2(value | 1) + 7) / 7;

    /// <summary>Writes at <paramref name="position"/>, where there must be room, and returns the position after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> output, int position, ulong value)
    {
        if (value >= 0x80)
            return WriteLong(output, position, value);
        output[position] = (byte)value;
        return position + 1;
    }

    /// <summary>Reads at <paramref name="position"/> and moves it on.</summary>
    /// <exception cref="InvalidDataException">The number does not end within the input, or has more than 64 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> input, ref int position) =>
        (uint)position < (uint)input.Length && input[position] < 0x80 ? input[position++] : ReadLong(input, ref position);

    private static int WriteLong(Span<byte> output, int position, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output[position++] = (byte)(value | 0x80);
        output[position++] = (byte)value;
        return position;
    }

    private static ulong ReadLong(ReadOnlySpan<byte> input, ref int position)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if ((uint)position >= (uint)input.Length) throw new InvalidDataException("a number that ends");
            var part = input[position++];
            if (shift == 63 && part > 1) break;
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException("a number of at most 64 bits");
    }
}
