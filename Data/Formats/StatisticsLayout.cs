using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// The bytes of a statistics file, integers little-endian. Prefix, 48 bytes: magic <c>EXPLSTAT</c>, int32 version, int32 length of the head, int64 length of the file,
/// eight zero bytes, XxHash128 of the head. Head: labels, inputs, class rows, class mass, zero rows, block hashes, then the index: for each segment with cells
/// its number, inputs seen, length and XxHash128. The segments follow in order. As the head holds the segments' checksums and the prefix the head's, the
/// prefix stands for the whole content.
/// </summary>
internal sealed record StatisticsLayout(StatisticsHeader Header, IReadOnlyList<StatisticsLayout.Segment> Segments)
{
    public const int PrefixLength = 48;
    public const int HashLength = 16;
    private const int Version = 1;
    private const int HashOffset = PrefixLength - HashLength;

    /// <param name="Number">First input divided by 4,096.</param>
    /// <param name="Seen">Inputs with a cell other than zero.</param>
    /// <param name="Offset">From the start of the file.</param>
    /// <param name="Length">Bytes.</param>
    /// <param name="Hash">XxHash128.</param>
    public sealed record Segment(int Number, int Seen, long Offset, int Length, UInt128 Hash);

    /// <summary>The segments that hold inputs of [firstInput, endInput), in order.</summary>
    public Segment[] Touched(int firstInput, int endInput) => firstInput == endInput ? [] :
    [
        .. Segments.Where(segment => (long)segment.Number * CountSegment.Inputs < endInput && (segment.Number + 1L) * CountSegment.Inputs > firstInput),
    ];

    private static ReadOnlySpan<byte> Magic => "EXPLSTAT"u8;

    /// <summary>Encodes the segments into <paramref name="body"/>, which is empty, and gives prefix and head.</summary>
    public static ReadOnlyMemory<byte> Encode(
        ICountSource counts, StatisticsTotals totals, IReadOnlyList<string> labels, IReadOnlyList<string> blockHashes, PooledBytes body)
    {
        var head = new MemoryStream();
        head.Write(new byte[PrefixLength]);
        using var writer = new BinaryWriter(head, Encoding.UTF8);
        WriteTexts(writer, labels);
        writer.Write(counts.Inputs);
        WriteNumbers(writer, totals.ClassRows);
        WriteNumbers(writer, totals.ClassMass);
        writer.Write(totals.ZeroRows);
        WriteTexts(writer, blockHashes);
        WriteSegments(writer, counts, body);
        writer.Flush();
        var front = head.GetBuffer().AsMemory(0, (int)head.Length);
        var prefix = front.Span[..PrefixLength];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], front.Length - PrefixLength);
        BinaryPrimitives.WriteInt64LittleEndian(prefix[16..], front.Length + (long)body.Count);
        XxHash128.Hash(front.Span[PrefixLength..], prefix[HashOffset..]);
        return front;
    }

    /// <summary>Length of the head that a prefix announces.</summary>
    /// <exception cref="ArtifactDamagedException">This is no prefix, or does not fit a file of this length.</exception>
    public static int HeadLength(string name, ReadOnlySpan<byte> prefix, long fileLength)
    {
        if (!prefix.StartsWith(Magic)) throw Damaged(name, "the mark of a statistics file", "something else");
        var version = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        if (version != Version) throw Damaged(name, $"version {Version}", $"{version}");
        var head = BinaryPrimitives.ReadInt32LittleEndian(prefix[12..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix[16..]);
        if (length != fileLength) throw Damaged(name, $"{length} bytes", $"{fileLength}");
        if (head < 0 || head > fileLength - PrefixLength) throw Damaged(name, $"a head within {fileLength} bytes", $"{head} bytes");
        if (prefix[24..HashOffset].ContainsAnyExcept((byte)0)) throw Damaged(name, "zero bytes", "others");
        return head;
    }

    /// <exception cref="ArtifactDamagedException">The head's checksum is wrong, or it is malformed.</exception>
    public static StatisticsLayout Decode(string name, ReadOnlySpan<byte> prefix, byte[] head, long fileLength)
    {
        Span<byte> hash = stackalloc byte[HashLength];
        XxHash128.Hash(head, hash);
        if (!hash.SequenceEqual(prefix[HashOffset..])) throw Damaged(name, $"checksum {Convert.ToHexStringLower(prefix[HashOffset..])}", Convert.ToHexStringLower(hash));
        try
        {
            return Parse(head, fileLength);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException or FormatException or OverflowException)
        {
            throw Damaged(name, "a well-formed head", "another");
        }
    }

    public static UInt128 HashOf(ReadOnlySpan<byte> data) => XxHash128.HashToUInt128(data);

    private static StatisticsLayout Parse(byte[] head, long fileLength)
    {
        using var reader = new BinaryReader(new MemoryStream(head), Encoding.UTF8);
        var labels = ReadTexts(reader, head.Length);
        var inputs = reader.ReadInt32();
        var rows = ReadNumbers(reader, head.Length);
        var mass = ReadNumbers(reader, head.Length);
        var zeroRows = reader.ReadInt64();
        var header = new StatisticsHeader([.. labels], inputs, [.. rows], [.. mass], zeroRows, [.. ReadTexts(reader, head.Length)]);
        var segments = new Segment[ReadCount(reader, head.Length)];
        var offset = PrefixLength + (long)head.Length;
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = new Segment(reader.ReadInt32(), reader.ReadInt32(), offset, reader.ReadInt32(), new UInt128(reader.ReadUInt64(), reader.ReadUInt64()));
            if (segment.Number < 0 || segment.Number <= (i > 0 ? segments[i - 1].Number : -1) || (long)segment.Number * CountSegment.Inputs >= inputs ||
                segment.Seen is <= 0 or > CountSegment.Inputs || segment.Length <= 0)
                throw new InvalidDataException();
            segments[i] = segment;
            offset += segment.Length;
        }
        return offset == fileLength && inputs >= 0 && labels.Length == rows.Length && labels.Length == mass.Length
            ? new StatisticsLayout(header, segments) : throw new InvalidDataException();
    }

    private static void WriteSegments(BinaryWriter writer, ICountSource counts, PooledBytes body)
    {
        var index = new List<Segment>();
        for (var first = 0; first < counts.Inputs; first += CountSegment.Inputs)
        {
            var end = Math.Min(first + CountSegment.Inputs, counts.Inputs);
            var rows = counts.Between(first, end);
            if (rows.Seen.IsEmpty) continue;
            var start = body.Count;
            var seen = CountSegment.Encode(rows, first, end, counts.Classes, body);
            if (seen > 0) index.Add(new Segment(first / CountSegment.Inputs, seen, 0, body.Count - start, HashOf(body.Written.Span[start..])));
        }
        writer.Write(index.Count);
        foreach (var segment in index)
        {
            writer.Write(segment.Number);
            writer.Write(segment.Seen);
            writer.Write(segment.Length);
            writer.Write((ulong)(segment.Hash >> 64));
            writer.Write((ulong)segment.Hash);
        }
    }

    private static void WriteTexts(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write(texts.Count);
        foreach (var text in texts) writer.Write(text);
    }

    private static void WriteNumbers(BinaryWriter writer, long[] numbers)
    {
        writer.Write(numbers.Length);
        foreach (var number in numbers) writer.Write(number);
    }

    private static string[] ReadTexts(BinaryReader reader, int limit)
    {
        var texts = new string[ReadCount(reader, limit)];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.ReadString();
        return texts;
    }

    private static long[] ReadNumbers(BinaryReader reader, int limit)
    {
        var numbers = new long[ReadCount(reader, limit / sizeof(long))];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.ReadInt64();
        return numbers;
    }

    private static int ReadCount(BinaryReader reader, int limit)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= limit ? count : throw new InvalidDataException();
    }

    private static ArtifactDamagedException Damaged(string name, string expected, string seen) => new(name, "its head", expected, seen);
}
