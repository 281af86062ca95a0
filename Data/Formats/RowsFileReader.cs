using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>Reads ranges of what <see cref="RowsFileWriter"/> wrote; the checksum of every group touched is verified on each read.</summary>
internal sealed class RowsFileReader
{
    private const int HashLength = FileFooter.HashLength;

    private readonly IArtifactStore _store;
    private readonly string _name;
    private readonly byte[] _hashes;

    private RowsFileReader(IArtifactStore store, string name, RowsFileHeader header, byte[] hashes)
    {
        _store = store;
        _name = name;
        _hashes = hashes;
        Header = header;
    }

    public RowsFileHeader Header { get; }

    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">Its footer is damaged.</exception>
    public static async Task<RowsFileReader> OpenAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        var footer = await FileFooter.ReadAsync(store, name, RowsFileWriter.Magic, RowsFileWriter.Version, ct);
        var (header, hashes) = (footer.HeaderAs<RowsFileHeader>(), footer.Entries.ToArray());
        return header.Groups * (long)HashLength == hashes.Length && header.Rows * header.StoredRow == footer.BodyLength
            ? new RowsFileReader(store, name, header, hashes)
            : throw new ArtifactDamagedException(
                name, "its footer", $"{header.Groups} groups of {header.Rows} rows", $"{hashes.Length / HashLength} checksums and {footer.BodyLength} bytes");
    }

    /// <summary>Reads rows [first, first + count) into the two spans' memory.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows, within the file.</param>
    /// <param name="values">count x BytesPerRow bytes.</param>
    /// <param name="codes">(count) label codes; empty without labels.</param>
    /// <param name="ct">Cancels between groups.</param>
    public async Task ReadAsync(long first, int count, Memory<byte> values, Memory<int> codes, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Header.GroupRows * Header.StoredRow);
        try
        {
            for (var done = 0; done < count;)
            {
                var group = (int)((first + done) / Header.GroupRows);
                var rows = Header.RowsOf(group);
                var stored = buffer.AsMemory(0, rows * Header.StoredRow);
                await _store.ReadRangeAsync(_name, (long)group * Header.GroupRows * Header.StoredRow, stored, ct);
                Verify(group, stored.Span);
                var skip = (int)(first + done - (long)group * Header.GroupRows);
                var taken = Math.Min(rows - skip, count - done);
                Copy(stored.Span, rows, skip, taken, values.Span[(done * Header.BytesPerRow)..], codes.IsEmpty ? [] : codes.Span[done..]);
                done += taken;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Verify(int group, ReadOnlySpan<byte> stored)
    {
        Span<byte> seen = stackalloc byte[HashLength];
        XxHash128.Hash(stored, seen);
        var expected = _hashes.AsSpan(group * HashLength, HashLength);
        if (!seen.SequenceEqual(expected))
        {
            var first = (long)group * Header.GroupRows;
            throw new ArtifactDamagedException(
                _name, $"rows {first} to {first + Header.RowsOf(group) - 1}",
                $"checksum {Convert.ToHexStringLower(expected)}", Convert.ToHexStringLower(seen));
        }
    }

    private void Copy(ReadOnlySpan<byte> stored, int rows, int skip, int taken, Span<byte> values, Span<int> codes)
    {
        var width = Header.BytesPerRow;
        stored.Slice(skip * width, taken * width).CopyTo(values);
        if (Header.HasLabels) stored.Slice(rows * width + skip * sizeof(int), taken * sizeof(int)).CopyTo(MemoryMarshal.AsBytes(codes));
    }
}
