using System.Buffers.Binary;

namespace ExplicitCluster.Testing;

/// <summary>Builds IDX files of unsigned bytes, whole or wrong.</summary>
public static class IdxFile
{
    public static byte[] Images(int count, int height, int width, ReadOnlySpan<byte> pixels) => Of(8, [count, height, width], pixels);

    public static byte[] Labels(params ReadOnlySpan<byte> labels) => Of(8, [labels.Length], labels);

    /// <summary>Header and body as given, whether or not they fit each other.</summary>
    public static byte[] Of(byte type, ReadOnlySpan<int> dimensions, ReadOnlySpan<byte> body)
    {
        var file = new byte[4 + 4 * dimensions.Length + body.Length];
        file[2] = type;
        file[3] = (byte)dimensions.Length;
        for (var i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), dimensions[i]);
        body.CopyTo(file.AsSpan(4 + 4 * dimensions.Length));
        return file;
    }
}
