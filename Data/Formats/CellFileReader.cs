using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Data.Formats;

/// <summary>Reads what <see cref="CellFileWriter"/> wrote, or a range of it, piece by piece; the checksum of every block is verified.</summary>
public sealed class CellFileReader
{
    /// <summary>Stored bytes of a piece, where no less is asked for.</summary>
    public const int PieceBytes = 1 << 16;

    private readonly IArtifactStore _store;
    private readonly string _name;
    private readonly FileFooter _footer;

    private CellFileReader(IArtifactStore store, string name, FileFooter footer)
    {
        (_store, _name, _footer) = (store, name, footer);
        Header = footer.HeaderAs<CellFileHeader>();
    }

    public CellFileHeader Header { get; }

    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">Its footer is damaged.</exception>
    public static async Task<CellFileReader> OpenAsync(IArtifactStore store, string name, CancellationToken ct) =>
        new(store, name, await FileFooter.ReadAsync(store, name, CellFileWriter.Magic, CellFileWriter.Version, ct));

    /// <summary>The cells from <paramref name="from"/> to below <paramref name="to"/>, or to the end where that is null; a piece is good until the next is asked for.</summary>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public IAsyncEnumerable<CellList> ReadAsync(ulong from, ulong? to, CancellationToken ct) => ReadAsync(from, to, PieceBytes, ct);

    /// <summary>As above in pieces of at most so many stored bytes, or one block.</summary>
    public async IAsyncEnumerable<CellList> ReadAsync(ulong from, ulong? to, int pieceBytes, [EnumeratorCancellation] CancellationToken ct)
    {
        var blocks = _footer.Entries.Length / CellFileWriter.EntryLength;
        var (piece, buffer) = (new CellList(), Array.Empty<byte>());
        var offset = 0L;
        for (var block = 0; block < blocks;)
        {
            if (to <= FirstOf(block))
                yield break;
            if (block + 1 < blocks && FirstOf(block + 1) <= from)
            {
                offset += BytesOf(block++);
                continue;
            }
            var (end, length) = (block, 0);
            do
                length += BytesOf(end++);
            while (end < blocks && length + BytesOf(end) <= pieceBytes && !(to <= FirstOf(end)));
            if (buffer.Length < length)
                buffer = new byte[length];
            await _store.ReadRangeAsync(_name, offset, buffer.AsMemory(0, length), ct);
            piece.Clear();
            for (var at = 0; block < end; at += BytesOf(block++))
                Decode(block, buffer.AsSpan(at, BytesOf(block)), from, to, piece);
            offset += length;
            if (piece.Count > 0)
                yield return piece;
        }
    }

    private ReadOnlySpan<byte> EntryOf(int block) => _footer.Entries.Span.Slice(block * CellFileWriter.EntryLength, CellFileWriter.EntryLength);

    private ulong FirstOf(int block) => BinaryPrimitives.ReadUInt64LittleEndian(EntryOf(block));

    private int BytesOf(int block) => BinaryPrimitives.ReadInt32LittleEndian(EntryOf(block)[12..]);

    private void Decode(int block, ReadOnlySpan<byte> stored, ulong from, ulong? to, CellList piece)
    {
        Span<byte> seen = stackalloc byte[FileFooter.HashLength];
        XxHash128.Hash(stored, seen);
        if (!seen.SequenceEqual(EntryOf(block)[16..]))
            throw new ArtifactDamagedException(_name, $"block {block}", $"checksum {Convert.ToHexStringLower(EntryOf(block)[16..])}", Convert.ToHexStringLower(seen));
        var at = 0;
        var cell = 0UL;
        for (var left = BinaryPrimitives.ReadInt32LittleEndian(EntryOf(block)[8..]); left > 0; left--)
        {
            cell += Varint.Read(stored, ref at);
            var count = (long)Varint.Read(stored, ref at);
            if (cell >= from && !(to <= cell))
                piece.Add(cell, count);
        }
    }
}
