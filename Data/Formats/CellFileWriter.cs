using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Writes ascending cells and their counts as a stream of blocks of at most 4,096 cells. Of each cell a block has the distance from the one before, from 0 for its first,
/// and the count, both as variable-length numbers. The footer has of every block its first cell (uint64), cells (int32), bytes (int32) and XxHash128.
/// </summary>
public sealed class CellFileWriter(Stream output) : IDisposable
{
    /// <summary>Cells of a block; lists of so many make whole ones.</summary>
    public const int BlockCells = 4096;

    internal const int EntryLength = 32;
    internal const int Version = 1;

    internal static readonly byte[] Magic = "XCCELLS\n"u8.ToArray();

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _block = new byte[BlockCells * 2 * Varint.MaxLength];
    private readonly ulong[] _hashed = new ulong[2 * BlockCells];
    private readonly MemoryStream _entries = new();
    private CountsOfCounts _seen;
    private long _cells;
    private long _length;
    private ulong _last;

    /// <summary>Appends cells, which ascend over all calls.</summary>
    public void Add(CellList cells)
    {
        for (var first = 0; first < cells.Count; first += BlockCells)
        {
            var count = Math.Min(BlockCells, cells.Count - first);
            AddBlock(cells.Cells.Slice(first, count), cells.Counts.Slice(first, count));
        }
        _seen += CountsOfCounts.Of(cells.Counts);
    }

    /// <summary>Writes the footer, and gives its header.</summary>
    public CellFileHeader End(long[]? contexts)
    {
        var header = new CellFileHeader(_cells, [_seen.One, _seen.Two, _seen.Three, _seen.Four], Convert.ToHexStringLower(_hash.GetHashAndReset()), contexts);
        FileFooter.Write(output, _length, _entries.GetBuffer().AsSpan(0, (int)_entries.Length), header, Magic, Version);
        return header;
    }

    public void Dispose()
    {
        _hash.Dispose();
        _entries.Dispose();
    }

    private void AddBlock(ReadOnlySpan<ulong> cells, ReadOnlySpan<long> counts)
    {
        if (_cells > 0 && cells[0] <= _last)
            throw new ArgumentException($"cell {cells[0]} comes after {_last}", nameof(cells));
        var length = 0;
        var before = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            length = Varint.Write(_block, length, cells[i] - before);
            length = Varint.Write(_block, length, (ulong)counts[i]);
            before = cells[i];
            (_hashed[2 * i], _hashed[2 * i + 1]) = (cells[i], (ulong)counts[i]);
        }
        var block = _block.AsSpan(0, length);
        output.Write(block);
        _hash.AppendData(MemoryMarshal.AsBytes(_hashed.AsSpan(0, 2 * cells.Length)));
        Span<byte> entry = stackalloc byte[EntryLength];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, cells[0]);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], cells.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], length);
        XxHash128.Hash(block, entry[16..]);
        _entries.Write(entry);
        _cells += cells.Length;
        _length += length;
        _last = cells[^1];
    }
}
