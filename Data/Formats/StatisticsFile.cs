using System.Buffers;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Data.Formats;

/// <summary>One shard's statistics as an artifact: sorted runs of (cell, count), dense where that is smaller, by segments of 4,096 inputs that can be read apart.</summary>
public static class StatisticsFile
{
    /// <summary>Bytes read at first: most heads fit.</summary>
    private const int FirstRead = 64 << 10;

    /// <summary>Writes statistics under a name that says what they were computed from. Whoever writes first wins; a second equal write changes nothing.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="statistics">F as (D, C) and the totals a class.</param>
    /// <param name="labels">(C) names of the classes, in the order of F's columns.</param>
    /// <param name="blockHashes">Kept in the header as they are.</param>
    /// <param name="ct">Cancels between the parts and leaves nothing behind.</param>
    /// <exception cref="ArgumentException">The parts do not have the same number of classes, inputs are not ascending within [0, D), or a count is negative.</exception>
    /// <exception cref="ArtifactDamagedException">The artifact is there with another content.</exception>
    public static async Task WriteAsync(
        IArtifactStore store, string name, SufficientStatistics statistics, IReadOnlyList<string> labels, IReadOnlyList<string> blockHashes, CancellationToken ct)
    {
        Check(statistics, labels);
        var (front, segments) = StatisticsLayout.Encode(statistics, labels, blockHashes);
        try
        {
            await store.WriteAsync(name, async (stream, token) =>
            {
                await stream.WriteAsync(front, token);
                await stream.WriteAsync(segments, token);
            }, WriteCondition.IfAbsent, ct);
        }
        catch (ArtifactConflictException)
        {
            // The prefix holds the checksum of the head, which holds those of the segments.
            var present = new byte[StatisticsLayout.PrefixLength];
            await store.ReadRangeAsync(name, 0, present, ct);
            if (!front.Span.StartsWith(present)) throw new ArtifactDamagedException(name, "its head", "the statistics computed now", "others");
        }
    }

    /// <summary>Everything but the counts; null when absent.</summary>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public static async Task<StatisticsHeader?> ReadHeaderAsync(IArtifactStore store, string name, CancellationToken ct) =>
        (await ReadLayoutAsync(store, name, ct))?.Header;

    /// <summary>The rows of inputs in [firstInput, endInput) that were seen; D stays the whole. Reads and verifies only the segments touched.</summary>
    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public static async Task<CountTable> ReadCountsAsync(IArtifactStore store, string name, int firstInput, int endInput, CancellationToken ct)
    {
        var header = await ReadHeadAsync(store, name, firstInput, endInput, ct);
        var touched = header.Touched(firstInput, endInput);
        var classes = header.Header.Labels.Length;
        var seen = new int[touched.Sum(segment => segment.Seen)];
        var counts = new long[checked(seen.Length * classes)];
        await WithSegmentsAsync(store, name, header.Header, touched, new TableSink(seen, counts, classes), ct);
        return Trim(new CountTable(header.Header.Inputs, classes, seen, counts), firstInput, endInput);
    }

    /// <summary>Adds the rows of the inputs that <paramref name="sum"/> is about, without a table of them in between.</summary>
    /// <param name="store">Where from.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="sum">Holds a part of the rows where this throws.</param>
    /// <param name="classesOf">The sum's class of each of the labels.</param>
    /// <param name="ct">Cancels before the counts are read.</param>
    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    public static async Task AddCountsAsync(
        IArtifactStore store, string name, CountSum sum, Func<IReadOnlyList<string>, int[]> classesOf, CancellationToken ct)
    {
        var (firstInput, endInput) = (sum.FirstInput, sum.FirstInput + sum.Inputs);
        var header = await ReadHeadAsync(store, name, firstInput, endInput, ct);
        await WithSegmentsAsync(store, name, header.Header, header.Touched(firstInput, endInput), new SumSink(sum, classesOf(header.Header.Labels)), ct);
    }

    private static async Task<StatisticsLayout> ReadHeadAsync(IArtifactStore store, string name, int firstInput, int endInput, CancellationToken ct)
    {
        var layout = await ReadLayoutAsync(store, name, ct) ?? throw new ArtifactMissingException(name);
        ArgumentOutOfRangeException.ThrowIfNegative(firstInput);
        ArgumentOutOfRangeException.ThrowIfLessThan(endInput, firstInput);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endInput, layout.Header.Inputs);
        return layout;
    }

    /// <summary>Reads and verifies segments that follow each other, and hands over their counts.</summary>
    private static async Task WithSegmentsAsync<TSink>(
        IArtifactStore store, string name, StatisticsHeader header, StatisticsLayout.Segment[] touched, TSink sink, CancellationToken ct)
        where TSink : struct, ICountSink
    {
        if (touched.Length == 0) return;
        var length = checked((int)(touched[^1].Offset + touched[^1].Length - touched[0].Offset));
        var room = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await store.ReadRangeAsync(name, touched[0].Offset, room.AsMemory(0, length), ct);
            foreach (var segment in touched)
                Decode(name, header, segment, room.AsSpan((int)(segment.Offset - touched[0].Offset), segment.Length), ref sink);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static async Task<StatisticsLayout?> ReadLayoutAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        if (await store.StatAsync(name, ct) is not { } info) return null;
        var first = new byte[Math.Min(info.Length, FirstRead)];
        if (first.Length < StatisticsLayout.PrefixLength)
            throw new ArtifactDamagedException(name, "its head", $"at least {StatisticsLayout.PrefixLength} bytes", $"{first.Length}");
        await store.ReadRangeAsync(name, 0, first, ct);
        var length = StatisticsLayout.HeadLength(name, first, info.Length);
        var head = new byte[length];
        var known = first.AsMemory(StatisticsLayout.PrefixLength);
        known[..Math.Min(known.Length, length)].CopyTo(head);
        if (length > known.Length) await store.ReadRangeAsync(name, first.Length, head.AsMemory(known.Length), ct);
        return StatisticsLayout.Decode(name, first.AsSpan(0, StatisticsLayout.PrefixLength), head, info.Length);
    }

    private static void Decode<TSink>(string name, StatisticsHeader header, StatisticsLayout.Segment segment, ReadOnlySpan<byte> part, ref TSink sink)
        where TSink : struct, ICountSink
    {
        var classes = header.Labels.Length;
        var hash = StatisticsLayout.HashOf(part);
        if (hash != segment.Hash) throw new ArtifactDamagedException(name, $"segment {segment.Number}", $"checksum {segment.Hash:x32}", $"{hash:x32}");
        var first = segment.Number * CountSegment.Inputs;
        var cells = (long)Math.Min(CountSegment.Inputs, header.Inputs - first) * classes;
        try
        {
            CountSegment.Decode(part, first, cells, classes, segment.Seen, ref sink);
        }
        catch (InvalidDataException error)
        {
            throw new ArtifactDamagedException(name, $"segment {segment.Number}", error.Message, "something else");
        }
    }

    /// <summary>Cuts off what the first and last segment hold beyond the range.</summary>
    private static CountTable Trim(CountTable table, int firstInput, int endInput)
    {
        var first = FirstAtLeast(table.Seen, firstInput);
        var end = FirstAtLeast(table.Seen, endInput);
        return first == 0 && end == table.Seen.Length
            ? table
            : new CountTable(table.Inputs, table.Classes, table.Seen[first..end], table.Counts[(first * table.Classes)..(end * table.Classes)]);
    }

    private static int FirstAtLeast(int[] seen, int input)
    {
        var index = Array.BinarySearch(seen, input);
        return index < 0 ? ~index : index;
    }

    private static void Check(SufficientStatistics statistics, IReadOnlyList<string> labels)
    {
        var table = statistics.Counts;
        if (labels.Count != table.Classes || statistics.ClassRows.Length != table.Classes || statistics.ClassMass.Length != table.Classes)
        {
            throw new ArgumentException(
                $"F has {table.Classes} classes, but there are {labels.Count} labels, {statistics.ClassRows.Length} row counts and {statistics.ClassMass.Length} masses",
                nameof(labels));
        }
        var last = -1;
        foreach (var input in table.Seen)
        {
            if (input <= last || input >= table.Inputs)
                throw new ArgumentException($"Input {input} after {last} is not ascending within [0, {table.Inputs})", nameof(statistics));
            last = input;
        }
    }

    /// <summary>Fills a table's arrays, row after row.</summary>
    private struct TableSink(int[] seen, long[] counts, int classes) : ICountSink
    {
        private int _rows;

        public void Add(int input, int c, long count)
        {
            if (_rows == 0 || seen[_rows - 1] != input) seen[_rows++] = input;
            counts[(_rows - 1) * classes + c] = count;
        }
    }

    /// <summary>Adds to a sum.</summary>
    private readonly struct SumSink(CountSum sum, int[] classOf) : ICountSink
    {
        public void Add(int input, int c, long count) => sum.Add(input, classOf[c], count);
    }
}
