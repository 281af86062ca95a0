using System.IO.Compression;

namespace ExplicitCluster.Testing;

/// <summary>gzip in memory.</summary>
public static class Gzip
{
    public static byte[] Of(byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, level, leaveOpen: true)) gzip.Write(content);
        return output.ToArray();
    }
}
