using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>Reads ranges of what <see cref="DocumentsFileWriter"/> wrote; the checksum of every group touched is verified on each read.</summary>
internal sealed class DocumentsFileReader
{
    private readonly IArtifactStore _store;
    private readonly string _name;
    private readonly ReadOnlyMemory<byte> _entries;
    private readonly long[] _firstRows;
    private readonly long[] _offsets;

    private DocumentsFileReader(IArtifactStore store, string name, FileFooter footer)
    {
        (_store, _name, _entries) = (store, name, footer.Entries);
        Header = footer.HeaderAs<DocumentsFileHeader>();
        var groups = footer.Entries.Length / DocumentsFileWriter.EntryLength;
        (_firstRows, _offsets) = (new long[groups + 1], new long[groups + 1]);
        for (var group = 0; group < groups; group++)
        {
            _firstRows[group + 1] = _firstRows[group] + BinaryPrimitives.ReadInt32LittleEndian(EntryOf(group));
            _offsets[group + 1] = _offsets[group] + BinaryPrimitives.ReadInt32LittleEndian(EntryOf(group)[4..]);
        }
        if (_firstRows[groups] != Header.Rows || _offsets[groups] != footer.BodyLength)
            throw new ArtifactDamagedException(name, "its footer", $"{Header.Rows} rows in {footer.BodyLength} bytes", $"{_firstRows[groups]} in {_offsets[groups]}");
    }

    public DocumentsFileHeader Header { get; }

    private int RowBytes => sizeof(int) + (Header.HasLabels ? sizeof(int) : 0) + (Header.HasWeights ? sizeof(float) : 0);

    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">Its footer is damaged.</exception>
    public static async Task<DocumentsFileReader> OpenAsync(IArtifactStore store, string name, CancellationToken ct) =>
        new(store, name, await FileFooter.ReadAsync(store, name, DocumentsFileWriter.Magic, DocumentsFileWriter.Version, ct));

    /// <summary>Reads rows [first, first + count).</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows, within the file.</param>
    /// <param name="labelOf">The code to give of each of the file's labels.</param>
    /// <param name="ct">Cancels between groups.</param>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public async Task<DocumentChunk> ReadAsync(long first, int count, int[] labelOf, CancellationToken ct)
    {
        var rows = new DocumentBuffer();
        for (var group = GroupOf(first); rows.Count < count; group++)
        {
            var stored = new byte[_offsets[group + 1] - _offsets[group]];
            await _store.ReadRangeAsync(_name, _offsets[group], stored, ct);
            Verify(group, stored);
            var skip = (int)Math.Max(0, first - _firstRows[group]);
            Append(stored, (int)(_firstRows[group + 1] - _firstRows[group]), skip, count - rows.Count, labelOf, rows);
        }
        return rows.ToChunk();
    }

    private ReadOnlySpan<byte> EntryOf(int group) => _entries.Span.Slice(group * DocumentsFileWriter.EntryLength, DocumentsFileWriter.EntryLength);

    private int GroupOf(long row)
    {
        var found = Array.BinarySearch(_firstRows, row);
        return found >= 0 ? found : ~found - 1;
    }

    private void Verify(int group, ReadOnlySpan<byte> stored)
    {
        Span<byte> seen = stackalloc byte[FileFooter.HashLength];
        XxHash128.Hash(stored, seen);
        var expected = EntryOf(group)[8..];
        if (!seen.SequenceEqual(expected))
        {
            throw new ArtifactDamagedException(
                _name, $"rows {_firstRows[group]} to {_firstRows[group + 1] - 1}", $"checksum {Convert.ToHexStringLower(expected)}", Convert.ToHexStringLower(seen));
        }
    }

    private void Append(ReadOnlySpan<byte> stored, int groupRows, int skip, int most, int[] labelOf, DocumentBuffer rows)
    {
        var ends = MemoryMarshal.Cast<byte, int>(stored[..(groupRows * sizeof(int))]);
        var labels = Header.HasLabels ? MemoryMarshal.Cast<byte, int>(stored.Slice(groupRows * sizeof(int), groupRows * sizeof(int))) : [];
        var weights = Header.HasWeights ? MemoryMarshal.Cast<byte, float>(stored.Slice(groupRows * (RowBytes - sizeof(float)), groupRows * sizeof(float))) : [];
        var text = stored[(groupRows * RowBytes)..];
        for (var row = skip; row < groupRows && row - skip < most; row++)
        {
            rows.Append(text[(row == 0 ? 0 : ends[row - 1])..ends[row]]);
            rows.EndRow(Header.HasLabels ? labelOf[labels[row]] : -1, Header.HasWeights ? weights[row] : float.NaN, isText: false);
        }
    }
}
