using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Writes decoded rows as a stream. Layout, integers little-endian: groups of rows (values of all rows of the group, row-major, then their label codes as int32);
/// then the footer: one XxHash128 a group, the header as JSON, and 40 bytes: int64 bytes of groups, int32 bytes of JSON, int32 version, eight
/// bytes of magic and the XxHash128 of the footer up to here.
/// </summary>
internal sealed class RowsFileWriter
{
    public const int Version = 1;
    public const int TailLength = 40;
    public const int HashLength = 16;
    private const int GroupBytes = 1 << 20;

    private readonly Stream _output;
    private readonly int _bytesPerRow;
    private readonly byte[] _values;
    private readonly int[] _labels;
    private readonly bool _hasLabels;
    private readonly ArrayBufferWriter<byte> _footer = new();
    private long _length;

    public RowsFileWriter(Stream output, int bytesPerRow, bool hasLabels)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Rows are stored as the machine holds them, which must be little-endian.");
        _output = output;
        _bytesPerRow = bytesPerRow;
        _hasLabels = hasLabels;
        GroupRows = Math.Max(1, GroupBytes / bytesPerRow);
        _values = new byte[GroupRows * bytesPerRow];
        _labels = new int[hasLabels ? GroupRows : 0];
    }

    public static ReadOnlySpan<byte> Magic => "EXPLROWS"u8;

    public int GroupRows { get; }

    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>To be filled with the values of the next group.</summary>
    public Span<byte> Values => _values;

    /// <summary>To be filled with the label codes of the next group; empty without labels.</summary>
    public Span<int> Labels => _labels;

    /// <summary>Writes the first <paramref name="rows"/> rows of the buffers as a group; every group but the last is full.</summary>
    public void WriteGroup(int rows)
    {
        var values = _values.AsSpan(0, rows * _bytesPerRow);
        var labels = MemoryMarshal.AsBytes(_labels.AsSpan(0, _hasLabels ? rows : 0));
        var hash = new XxHash128();
        hash.Append(values);
        hash.Append(labels);
        hash.GetCurrentHash(_footer.GetSpan(HashLength));
        _footer.Advance(HashLength);
        _output.Write(values);
        _output.Write(labels);
        _length += values.Length + labels.Length;
        Rows += rows;
    }

    /// <summary>Writes the footer.</summary>
    public void Finish(IReadOnlyList<string> labelNames)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new RowsFileHeader(Rows, _bytesPerRow, GroupRows, _hasLabels, labelNames));
        _footer.Write(header);
        Span<byte> tail = stackalloc byte[TailLength - HashLength];
        BinaryPrimitives.WriteInt64LittleEndian(tail, _length);
        BinaryPrimitives.WriteInt32LittleEndian(tail[8..], header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(tail[12..], Version);
        Magic.CopyTo(tail[16..]);
        _footer.Write(tail);
        _output.Write(_footer.WrittenSpan);
        _output.Write(XxHash128.Hash(_footer.WrittenSpan));
    }
}
