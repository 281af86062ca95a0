using ZstdSharp;

namespace ExplicitCluster.Testing;

/// <summary>Zstandard in memory, with a checksum.</summary>
public static class Zstd
{
    public static byte[] Of(byte[] content)
    {
        using var output = new MemoryStream();
        using (var stream = new CompressionStream(output, 3, leaveOpen: true))
        {
            stream.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            stream.Write(content);
        }
        return output.ToArray();
    }
}
