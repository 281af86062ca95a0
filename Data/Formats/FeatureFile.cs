using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Features of texts with their numbers of rows, group by group (docs/formats.md). <c>EXPLFEAT</c>, int32 version, XxHash128 of what follows; int32 groups; of each group
/// int32 features, int32 bytes of all of them, an int64 number of rows each, an int32 end each, the bytes. Little-endian.
/// </summary>
public static class FeatureFile
{
    private const int Version = 1;
    private const int HashLength = 16;
    internal const int PrefixLength = 8 + sizeof(int) + HashLength;

    private static ReadOnlySpan<byte> Magic => "EXPLFEAT"u8;

    /// <summary>Writes the groups; gives the SHA-256 of the file.</summary>
    public static async Task<string> WriteAsync(IArtifactStore store, string name, IReadOnlyList<FeatureList> groups, CancellationToken ct)
    {
        var file = Encode(groups);
        await store.WriteAsync(name, (stream, token) => stream.WriteAsync(file, token).AsTask(), WriteCondition.Always, ct);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The groups and the SHA-256 of the file; null where there is none.</summary>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public static async Task<(FeatureList[] Groups, string Sha256)?> ReadAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        if (await store.ReadAsync(name, ct) is not { } artifact) return null;
        var file = artifact.Content.ToArray();
        CheckPrefix(name, file);
        CheckHash(name, file, XxHash128.Hash(file.AsSpan(PrefixLength)));
        using var reader = new BinaryReader(new MemoryStream(file, PrefixLength, file.Length - PrefixLength));
        var groups = new FeatureList[reader.ReadInt32()];
        for (var g = 0; g < groups.Length; g++)
        {
            var (count, bytes) = (reader.ReadInt32(), reader.ReadInt32());
            var rows = MemoryMarshal.Cast<byte, long>(reader.ReadBytes(checked(count * sizeof(long)))).ToArray();
            var ends = MemoryMarshal.Cast<byte, int>(reader.ReadBytes(count * sizeof(int))).ToArray();
            groups[g] = new FeatureList(reader.ReadBytes(bytes), ends, rows);
        }
        return (groups, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <exception cref="ArtifactDamagedException">The file begins otherwise.</exception>
    internal static void CheckPrefix(string name, ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic) || file.Length < PrefixLength || BitConverter.ToInt32(file[8..]) != Version)
            throw new ArtifactDamagedException(name, "its beginning", $"a file of features, version {Version}", "another");
    }

    /// <exception cref="ArtifactDamagedException">The file's prefix has another checksum.</exception>
    internal static void CheckHash(string name, ReadOnlySpan<byte> file, ReadOnlySpan<byte> hash)
    {
        var expected = file[(PrefixLength - HashLength)..PrefixLength];
        if (!hash.SequenceEqual(expected))
            throw new ArtifactDamagedException(name, "its content", $"checksum {Convert.ToHexStringLower(expected)}", Convert.ToHexStringLower(hash));
    }

    private static byte[] Encode(IReadOnlyList<FeatureList> groups)
    {
        var output = new MemoryStream();
        output.Write(new byte[PrefixLength]);
        using var writer = new BinaryWriter(output);
        writer.Write(groups.Count);
        foreach (var group in groups)
        {
            writer.Write(group.Count);
            writer.Write(group.Bytes.Length);
            writer.Write(MemoryMarshal.AsBytes<long>(group.Rows));
            writer.Write(MemoryMarshal.AsBytes(group.Ends));
            writer.Write(group.Bytes);
        }
        writer.Flush();
        var file = output.ToArray();
        Magic.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(8), Version);
        XxHash128.Hash(file.AsSpan(PrefixLength), file.AsSpan(PrefixLength - HashLength));
        return file;
    }
}
