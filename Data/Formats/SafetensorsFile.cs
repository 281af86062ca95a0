using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>Tensors as a safetensors file: int64 length of the header, the header as JSON padded with spaces to a multiple of 8, then the data without gaps.</summary>
public static class SafetensorsFile
{
    private const int MaxHeader = 100_000_000;
    private const int Pad = 8;

    /// <summary>Writes the tensors in ordinal order of their names, replacing what was there.</summary>
    /// <returns>Hex SHA-256 of the whole file.</returns>
    /// <exception cref="ArgumentException">A name is empty, comes twice or is <c>__metadata__</c>, or data is not as long as its shape says.</exception>
    public static async Task<string> WriteAsync(
        IArtifactStore store, string name, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var sorted = tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
        var header = SafetensorsHeader.Encode(sorted, metadata);
        var padded = new byte[sizeof(long) + (header.Length + Pad - 1) / Pad * Pad];
        if (padded.Length - sizeof(long) > MaxHeader)
            throw new ArgumentException($"A header of {padded.Length} bytes is above the format's {MaxHeader}", nameof(metadata));
        padded.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(padded, padded.Length - sizeof(long));
        header.CopyTo(padded.AsSpan(sizeof(long)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(padded);
        foreach (var tensor in sorted) hash.AppendData(tensor.Data.Span);
        await store.WriteAsync(name, async (stream, token) =>
        {
            await stream.WriteAsync(padded, token);
            foreach (var tensor in sorted) await stream.WriteAsync(tensor.Data, token);
        }, WriteCondition.Always, ct);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads all tensors, in the order of their data.</summary>
    /// <param name="store">Where from.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="expectedSha256">Hex SHA-256 that the whole file must have.</param>
    /// <param name="ct">Cancels between tensors.</param>
    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">The hash differs, or the file is malformed.</exception>
    public static async Task<IReadOnlyList<Tensor>> ReadAsync(IArtifactStore store, string name, string expectedSha256, CancellationToken ct)
    {
        var length = (await store.StatAsync(name, ct) ?? throw new ArtifactMissingException(name)).Length;
        if (length < sizeof(long)) throw new ArtifactDamagedException(name, "its header", "at least 8 bytes", $"{length}");
        var prefix = new byte[sizeof(long)];
        await store.ReadRangeAsync(name, 0, prefix, ct);
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeader || headerLength > length - sizeof(long))
            throw new ArtifactDamagedException(name, "its header", $"2 to {Math.Min(MaxHeader, length - sizeof(long))} bytes", $"{headerLength}");
        var header = new byte[headerLength];
        await store.ReadRangeAsync(name, sizeof(long), header, ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        hash.AppendData(header);
        var dataStart = sizeof(long) + headerLength;
        var places = Parse(name, header, length - dataStart);
        var tensors = new List<Tensor>(places.Count);
        foreach (var place in places)
        {
            ct.ThrowIfCancellationRequested();
            var data = new byte[place.Length];
            await store.ReadRangeAsync(name, dataStart + place.Offset, data, ct);
            hash.AppendData(data);
            tensors.Add(new Tensor(place.Name, place.Type, place.Shape, data));
        }
        var seen = Convert.ToHexStringLower(hash.GetHashAndReset());
        return string.Equals(seen, expectedSha256, StringComparison.OrdinalIgnoreCase)
            ? tensors
            : throw new ArtifactDamagedException(name, "its checksum", $"SHA-256 {expectedSha256}", seen);
    }

    private static IReadOnlyList<SafetensorsHeader.Place> Parse(string name, byte[] header, long dataLength)
    {
        try
        {
            return SafetensorsHeader.Decode(header, dataLength);
        }
        catch (Exception error) when (
            error is JsonException or InvalidDataException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException)
        {
            throw new ArtifactDamagedException(name, "its header", error is InvalidDataException ? error.Message : "a safetensors header", "something else");
        }
    }
}
