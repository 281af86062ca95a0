using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// The end of a file that is written as a stream, by which it is read. Layout, integers little-endian: entries, a header as JSON, and 40 bytes: int64 bytes before
/// the footer, int32 bytes of JSON, int32 version, eight bytes of magic and the XxHash128 of the footer up to here.
/// </summary>
/// <param name="BodyLength">Bytes before the footer.</param>
/// <param name="Entries">Whatever the format keeps of its groups.</param>
/// <param name="Header">JSON.</param>
internal sealed record FileFooter(long BodyLength, ReadOnlyMemory<byte> Entries, ReadOnlyMemory<byte> Header)
{
    public const int HashLength = 16;
    private const int TailLength = 40;
    private const int MaxFooter = 1 << 30;

    public T HeaderAs<T>() => JsonSerializer.Deserialize<T>(Header.Span)!;

    /// <param name="output">Where <paramref name="bodyLength"/> bytes were written before.</param>
    /// <param name="bodyLength">Bytes before the footer.</param>
    /// <param name="entries">Whatever the format keeps of its groups.</param>
    /// <param name="header">Written as JSON.</param>
    /// <param name="magic">Eight bytes.</param>
    /// <param name="version">Of the format.</param>
    public static void Write<T>(Stream output, long bodyLength, ReadOnlySpan<byte> entries, T header, ReadOnlySpan<byte> magic, int version)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var footer = new ArrayBufferWriter<byte>(entries.Length + json.Length + TailLength);
        footer.Write(entries);
        footer.Write(json);
        Span<byte> tail = stackalloc byte[TailLength - HashLength];
        BinaryPrimitives.WriteInt64LittleEndian(tail, bodyLength);
        BinaryPrimitives.WriteInt32LittleEndian(tail[8..], json.Length);
        BinaryPrimitives.WriteInt32LittleEndian(tail[12..], version);
        magic.CopyTo(tail[16..]);
        footer.Write(tail);
        output.Write(footer.WrittenSpan);
        output.Write(XxHash128.Hash(footer.WrittenSpan));
    }

    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">It is another format, or its footer is damaged.</exception>
    public static async Task<FileFooter> ReadAsync(IArtifactStore store, string name, ReadOnlyMemory<byte> magic, int version, CancellationToken ct)
    {
        var length = (await store.StatAsync(name, ct) ?? throw new ArtifactMissingException(name)).Length;
        if (length < TailLength) throw Damaged($"at least {TailLength} bytes", $"{length}");
        var tail = new byte[TailLength];
        await store.ReadRangeAsync(name, length - TailLength, tail, ct);
        if (!tail.AsSpan(16, 8).SequenceEqual(magic.Span)) throw Damaged($"the mark {Sources.Excerpt.Of(magic.Span)}", "something else");
        var bodyLength = BinaryPrimitives.ReadInt64LittleEndian(tail);
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(8));
        var footerLength = length - HashLength - bodyLength;
        var entriesLength = footerLength - (TailLength - HashLength) - headerLength;
        if (bodyLength < 0 || headerLength < 0 || entriesLength < 0 || footerLength > MaxFooter)
            throw Damaged("lengths that add up", $"{length} bytes with {bodyLength} before the footer and {headerLength} of header");
        var footer = new byte[footerLength];
        await store.ReadRangeAsync(name, bodyLength, footer, ct);
        if (!XxHash128.Hash(footer).AsSpan().SequenceEqual(tail.AsSpan(TailLength - HashLength))) throw Damaged("its checksum", "another");
        var seen = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(12));
        return seen == version
            ? new FileFooter(bodyLength, footer.AsMemory(0, (int)entriesLength), footer.AsMemory((int)entriesLength, headerLength))
            : throw Damaged($"version {version}", $"{seen}");

        ArtifactDamagedException Damaged(string expected, string seen) => new(name, "its footer", expected, seen);
    }
}
