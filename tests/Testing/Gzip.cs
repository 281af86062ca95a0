using System.IO.Compression;

namespace ExplicitCluster.Testing;

/// <summary>gzip in memory.</summary>
public static class Gzip
{
    public static byte[] Of(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        return output.ToArray();
    }
}
