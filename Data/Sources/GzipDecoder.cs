using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ExplicitCluster.Data.Sources;

/// <summary>
/// Decodes gzip, one member or many, and notices what <see cref="GZipStream"/> passes over in silence: a file cut short, and bytes after its end.
/// A member's end is found by its trailer (CRC-32 and length), which must stand where the deflate data ended.
/// </summary>
internal sealed class GzipDecoder(string path, HashingReader source) : IFileDecoder
{
    private const int TrailerLength = 8;

    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];
    private const int MaxHeaderField = 32 << 10;

    private readonly DeflateInput _input = new(source);
    private readonly Crc32 _crc = new();
    private DeflateStream? _deflate;
    private long _memberLength;
    private long _decoded;

    public int Read(Span<byte> destination)
    {
        if (destination.IsEmpty) return 0;
        while (true)
        {
            if (_deflate is null && !StartMember()) return 0;
            var count = Inflate(destination);
            if (count > 0)
            {
                _crc.Append(destination[..count]);
                _memberLength += count;
                _decoded += count;
                if (_decoded > SourceLimits.RatioFreeBytes && _decoded / SourceLimits.MaxRatio > source.Offset)
                    throw SourceErrors.Bomb(path, "gzip", _decoded, source.Offset);
                return count;
            }
            EndMember();
        }
    }

    public void Dispose() => _deflate?.Dispose();

    private int Inflate(Span<byte> destination)
    {
        try
        {
            return _deflate!.Read(destination);
        }
        catch (InvalidDataException)
        {
            throw SourceErrors.Compressed(path, "gzip", source.Offset, $"the compressed data is damaged, at or up to {_input.LastChunk} bytes before", "deflate data");
        }
    }

    /// <summary>RFC 1952, 2.3: ten fixed bytes, then fields announced by flags. False at the end of the file.</summary>
    private bool StartMember()
    {
        var start = source.Offset;
        var header = source.Peek(10);
        if (header.IsEmpty) return false;
        if (header.Length < 10 && header.StartsWith<byte>([0x1f]))
            throw SourceErrors.Compressed(path, "gzip", start + header.Length, "the file ends inside the gzip header", "at least 10 bytes");
        if (!header.StartsWith<byte>([0x1f, 0x8b]))
            throw SourceErrors.Compressed(path, "gzip", start, $"{Excerpt.Of(source.Peek(17))} after the end of the gzip data", "the end of the file or another gzip member");
        if (header[2] != 8) throw SourceErrors.Compressed(path, "gzip", start + 2, $"compression method {header[2]}", "8 (deflate)");
        var flags = header[3];
        if ((flags & 0xe0) != 0) throw SourceErrors.Compressed(path, "gzip", start + 3, $"header flags 0x{flags:x2}", "the three highest bits to be zero");
        source.Skip(10);
        if ((flags & 4) != 0) SkipField(BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
        if ((flags & 8) != 0) SkipText();
        if ((flags & 16) != 0) SkipText();
        if ((flags & 2) != 0) SkipField(2);
        _crc.Reset();
        _memberLength = 0;
        _deflate = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    private void EndMember()
    {
        _deflate!.Dispose();
        _deflate = null;
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)_memberLength);
        if (_input.Ended) throw SourceErrors.Compressed(path, "gzip", source.Offset, $"the file ends inside the compressed data, after {_decoded} decoded bytes", "more data");
        // The deflate data ended within the chunk that was handed over last.
        var end = source.Offset;
        source.StepBack(_input.LastChunk);
        var at = FindTrailer(source.Peek(_input.LastChunk + TrailerLength + Magic.Length), trailer);
        if (at < 0)
        {
            throw SourceErrors.Compressed(
                path, "gzip", end, "the gzip checksum or length is wrong or cut off, at or shortly before here",
                $"CRC-32 {_crc.GetCurrentHashAsUInt32():x8} of {_memberLength} decoded bytes");
        }
        source.Skip(at + TrailerLength);
    }

    /// <summary>
    /// Where the trailer stands: rather where the file ends or a member begins after it, since the zeros of an empty member's trailer also end
    /// its data.
    /// </summary>
    private static int FindTrailer(ReadOnlySpan<byte> window, ReadOnlySpan<byte> trailer)
    {
        var first = -1;
        for (var from = 0; window[from..].IndexOf(trailer) is >= 0 and var found; from += found + 1)
        {
            var at = from + found;
            var rest = window[(at + TrailerLength)..];
            if (rest.IsEmpty || rest.StartsWith(Magic)) return at;
            if (first < 0) first = at;
        }
        return first;
    }

    private void SkipField(int length)
    {
        Take(length);
    }

    private void SkipText()
    {
        var end = source.Peek(MaxHeaderField).IndexOf((byte)0);
        if (end < 0)
            throw SourceErrors.Compressed(path, "gzip", source.Offset, "a name or comment in the header does not end", $"a zero byte within {MaxHeaderField} bytes");
        source.Skip(end + 1);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var bytes = source.Peek(count);
        if (bytes.Length < count)
            throw SourceErrors.Compressed(path, "gzip", source.Offset + bytes.Length, "the file ends inside the gzip header", $"{count - bytes.Length} more bytes");
        source.Skip(count);
        return bytes;
    }

    /// <summary>What the inflater reads from; remembers the last chunk handed over and whether the file ended.</summary>
    private sealed class DeflateInput(HashingReader source) : ReadOnlyStream
    {
        public int LastChunk { get; private set; }

        public bool Ended { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var count = source.Read(buffer);
            if (count == 0) Ended = true;
            else LastChunk = count;
            return count;
        }
    }
}
