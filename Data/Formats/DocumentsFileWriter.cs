using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ExplicitCluster.Data.Documents;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Writes documents as a stream. Layout, integers little-endian: groups of rows: where each text ends within the group (int32), label codes (int32) and
/// weights (float32) where there are any, the texts end to end. The footer's entries, 24 bytes a group: int32 rows, int32 bytes, XxHash128 of the group.
/// </summary>
internal sealed class DocumentsFileWriter(Stream output)
{
    public const int Version = 1;
    public const int EntryLength = 2 * sizeof(int) + FileFooter.HashLength;

    private readonly ArrayBufferWriter<byte> _entries = new();
    private long _length;

    public static ReadOnlyMemory<byte> Magic { get; } = "EXPLDOCS"u8.ToArray();

    /// <summary>Writes all rows of the buffer as a group.</summary>
    public void WriteGroup(DocumentBuffer rows) => WriteGroup(
        CollectionsMarshal.AsSpan(rows.Ends), CollectionsMarshal.AsSpan(rows.Labels), CollectionsMarshal.AsSpan(rows.Weights), rows.Text);

    private void WriteGroup(ReadOnlySpan<int> ends, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, ReadOnlySpan<byte> text)
    {
        var hash = new XxHash128();
        var before = _length;
        Write(MemoryMarshal.AsBytes(ends));
        Write(MemoryMarshal.AsBytes(labels));
        Write(MemoryMarshal.AsBytes(weights));
        Write(text);
        var entry = _entries.GetSpan(EntryLength);
        BinaryPrimitives.WriteInt32LittleEndian(entry, ends.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], checked((int)(_length - before)));
        hash.GetCurrentHash(entry[8..]);
        _entries.Advance(EntryLength);

        void Write(ReadOnlySpan<byte> bytes)
        {
            hash.Append(bytes);
            output.Write(bytes);
            _length += bytes.Length;
        }
    }

    /// <summary>Writes all rows of the chunk as a group.</summary>
    public void WriteGroup(DocumentChunk rows) => WriteGroup(rows.Ends, rows.Labels, rows.Weights, rows.Text);

    /// <summary>Writes the footer.</summary>
    public void Finish(DocumentsFileHeader header) => FileFooter.Write(output, _length, _entries.WrittenSpan, header, Magic.Span, Version);
}
