using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>Reads ranges of what <see cref="RowsFileWriter"/> wrote; the checksum of every group touched is verified on each read.</summary>
internal sealed class RowsFileReader
{
    private const int TailLength = RowsFileWriter.TailLength;
    private const int HashLength = RowsFileWriter.HashLength;
    private const int MaxFooter = 1 << 30;

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
        var length = (await store.StatAsync(name, ct) ?? throw new ArtifactMissingException(name)).Length;
        if (length < TailLength) throw Damaged($"at least {TailLength} bytes", $"{length}");
        var tail = new byte[TailLength];
        await store.ReadRangeAsync(name, length - TailLength, tail, ct);
        if (!tail.AsSpan(16, 8).SequenceEqual(RowsFileWriter.Magic)) throw Damaged("the mark of a rows file", "something else");
        var groupsLength = BinaryPrimitives.ReadInt64LittleEndian(tail);
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(8));
        var footerLength = length - HashLength - groupsLength;
        var hashesLength = footerLength - (TailLength - HashLength) - headerLength;
        if (groupsLength < 0 || headerLength < 0 || hashesLength < 0 || hashesLength % HashLength != 0 || footerLength > MaxFooter)
            throw Damaged("lengths that add up", $"{length} bytes with {groupsLength} of rows and {headerLength} of header");
        var footer = new byte[footerLength];
        await store.ReadRangeAsync(name, groupsLength, footer, ct);
        if (!XxHash128.Hash(footer).AsSpan().SequenceEqual(tail.AsSpan(TailLength - HashLength))) throw Damaged("its checksum", "another");
        var version = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(12));
        if (version != RowsFileWriter.Version) throw Damaged($"version {RowsFileWriter.Version}", $"{version}");
        var header = JsonSerializer.Deserialize<RowsFileHeader>(footer.AsSpan((int)hashesLength, headerLength))!;
        if (header.Groups != hashesLength / HashLength || header.Rows * header.StoredRow != groupsLength)
            throw Damaged($"{header.Groups} groups of {header.Rows} rows", $"{hashesLength / HashLength} checksums and {groupsLength} bytes");
        return new RowsFileReader(store, name, header, footer[..(int)hashesLength]);

        ArtifactDamagedException Damaged(string expected, string seen) => new(name, "its footer", expected, seen);
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
