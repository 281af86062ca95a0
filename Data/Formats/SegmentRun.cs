using System.Buffers;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>Segments of a statistics file that follow each other, as they were read; each is verified when it is decoded.</summary>
internal sealed class SegmentRun : IDisposable
{
    private readonly string _name;
    private readonly StatisticsLayout.Segment[] _segments;
    private readonly byte[] _bytes;

    private SegmentRun(string name, StatisticsHeader header, StatisticsLayout.Segment[] segments, int length)
    {
        (_name, Header, _segments, Length) = (name, header, segments, length);
        _bytes = ArrayPool<byte>.Shared.Rent(length);
    }

    public StatisticsHeader Header { get; }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>Inputs with a cell other than zero, of all segments.</summary>
    public int Seen => _segments.Sum(segment => segment.Seen);

    /// <summary>The segments' numbers, ascending.</summary>
    public IEnumerable<int> Numbers => _segments.Select(segment => segment.Number);

    public static async Task<SegmentRun> ReadAsync(IArtifactStore store, string name, StatisticsHeader header, StatisticsLayout.Segment[] segments, CancellationToken ct)
    {
        var length = segments.Length == 0 ? 0 : checked((int)(segments[^1].Offset + segments[^1].Length - segments[0].Offset));
        var run = new SegmentRun(name, header, segments, length);
        try
        {
            if (length > 0) await store.ReadRangeAsync(name, segments[0].Offset, run._bytes.AsMemory(0, length), ct);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Hands over the counts of a segment; there may be none of this number.</summary>
    /// <exception cref="ArtifactDamagedException">Its checksum is wrong.</exception>
    public void Decode<TSink>(int number, ref TSink sink)
        where TSink : struct, ICountSink
    {
        var index = IndexOf(number);
        if (index < 0) return;
        var segment = _segments[index];
        var part = _bytes.AsSpan((int)(segment.Offset - _segments[0].Offset), segment.Length);
        var hash = StatisticsLayout.HashOf(part);
        if (hash != segment.Hash) throw new ArtifactDamagedException(_name, $"segment {segment.Number}", $"checksum {segment.Hash:x32}", $"{hash:x32}");
        var classes = Header.Labels.Length;
        var first = segment.Number * CountSegment.Inputs;
        var cells = (long)Math.Min(CountSegment.Inputs, Header.Inputs - first) * classes;
        try
        {
            CountSegment.Decode(part, first, cells, classes, segment.Seen, ref sink);
        }
        catch (InvalidDataException error)
        {
            throw new ArtifactDamagedException(_name, $"segment {segment.Number}", error.Message, "something else");
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private int IndexOf(int number)
    {
        var (low, high) = (0, _segments.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_segments[middle].Number == number) return middle;
            if (_segments[middle].Number < number) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}
