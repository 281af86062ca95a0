using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Writes decoded rows as a stream. Layout, integers little-endian: groups of rows (values of all rows of the group, row-major, then their label codes as int32);
/// then the footer (<see cref="FileFooter"/>), whose entries are one XxHash128 a group.
/// </summary>
internal sealed class RowsFileWriter
{
    public const int Version = 1;
    private const int GroupBytes = 1 << 20;

    private readonly Stream _output;
    private readonly int _bytesPerRow;
    private readonly byte[] _values;
    private readonly int[] _labels;
    private readonly bool _hasLabels;
    private readonly ArrayBufferWriter<byte> _hashes = new();
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

    public static ReadOnlyMemory<byte> Magic { get; } = "EXPLROWS"u8.ToArray();

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
        hash.GetCurrentHash(_hashes.GetSpan(FileFooter.HashLength));
        _hashes.Advance(FileFooter.HashLength);
        _output.Write(values);
        _output.Write(labels);
        _length += values.Length + labels.Length;
        Rows += rows;
    }

    /// <summary>Writes the footer.</summary>
    public void Finish(IReadOnlyList<string> labelNames)
    {
        var header = new RowsFileHeader(Rows, _bytesPerRow, GroupRows, _hasLabels, labelNames);
        FileFooter.Write(_output, _length, _hashes.WrittenSpan, header, Magic.Span, Version);
    }
}
