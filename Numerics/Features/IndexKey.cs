using System.Buffers.Binary;

namespace ExplicitCluster.Numerics.Features;

/// <summary>Rows of indices and values as bytes: a pair is an int32 index and a float32 value, little-endian. As a feature an index is its four bytes, the highest first, so that the ordinal order is that of numbers.</summary>
public static class IndexKey
{
    public const int Length = sizeof(int);
    internal const int PairLength = sizeof(int) + sizeof(float);

    /// <summary>The index that a feature stands for.</summary>
    public static int Of(ReadOnlySpan<byte> feature) => BinaryPrimitives.ReadInt32BigEndian(feature);

    internal static void Write(int index, Span<byte> feature) => BinaryPrimitives.WriteInt32BigEndian(feature, index);

    internal static (int Index, float Value) Pair(ReadOnlySpan<byte> row, int pair) =>
        (BinaryPrimitives.ReadInt32LittleEndian(row[(pair * PairLength)..]), BinaryPrimitives.ReadSingleLittleEndian(row[(pair * PairLength + sizeof(int))..]));
}
