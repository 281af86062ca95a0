using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Data.Formats;

/// <summary>One shard's statistics as an artifact: sorted runs of (cell, count), dense where that is smaller, by segments of 4,096 inputs that can be read apart.</summary>
public static partial class StatisticsFile
{
    /// <summary>Bytes read at first: most heads fit.</summary>
    private const int FirstRead = 64 << 10;

    /// <summary>Encoded segments that are held at most before they are added; a file's share of the inputs in question is held whole.</summary>
    public const long HeldBytes = 64 << 20;

    /// <summary>Files read at the same time: a server answers late, and answers many as late as one.</summary>
    private const int ReadAtOnce = 8;

    /// <summary>Writes statistics under a name that says what they were computed from. Whoever writes first wins; a second equal write changes nothing.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="counts">F.</param>
    /// <param name="totals">The totals of F's rows.</param>
    /// <param name="labels">(C) names of the classes, in the order of F's columns.</param>
    /// <param name="blockHashes">Kept in the header as they are.</param>
    /// <param name="ct">Cancels between the parts and leaves nothing behind.</param>
    /// <exception cref="ArgumentException">The parts do not have the same number of classes, or a count is negative.</exception>
    /// <exception cref="OverflowException">A count beyond 2^63 - 1.</exception>
    /// <exception cref="ArtifactDamagedException">The artifact is there with another content.</exception>
    public static async Task WriteAsync(
        IArtifactStore store, string name, ICountSource counts, StatisticsTotals totals, IReadOnlyList<string> labels, IReadOnlyList<string> blockHashes, CancellationToken ct)
    {
        Check(counts, totals, labels);
        using var segments = new PooledBytes();
        var front = StatisticsLayout.Encode(counts, totals, labels, blockHashes, segments);
        if (await WriteAsync()) return;
        if (await IsDamagedAsync(store, name, ct))
        {
            await store.DeleteAsync(name, ct);
            if (await WriteAsync()) return;
        }
        // The prefix holds the checksum of the head, which holds those of the segments.
        var present = new byte[StatisticsLayout.PrefixLength];
        await store.ReadRangeAsync(name, 0, present, ct);
        if (!front.Span.StartsWith(present)) throw new ArtifactDamagedException(name, "its head", "the statistics computed now", "others");

        async Task<bool> WriteAsync()
        {
            try
            {
                await store.WriteAsync(name, async (stream, token) =>
                {
                    await stream.WriteAsync(front, token);
                    await stream.WriteAsync(segments.Written, token);
                }, WriteCondition.IfAbsent, ct);
                return true;
            }
            catch (ArtifactConflictException)
            {
                return false;
            }
        }
    }

    /// <summary>What a power cut may have left: no head, or fewer bytes than it says.</summary>
    private static async Task<bool> IsDamagedAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        try
        {
            await ReadLayoutAsync(store, name, ct);
            return false;
        }
        catch (ArtifactDamagedException)
        {
            return true;
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
        var layout = await ReadHeadAsync(store, name, firstInput, endInput, ct);
        using var run = await SegmentRun.ReadAsync(store, name, layout.Header, layout.Touched(firstInput, endInput), ct);
        var classes = layout.Header.Labels.Length;
        var seen = new int[run.Seen];
        var counts = new long[checked(seen.Length * classes)];
        var sink = new TableSink(seen, counts, classes);
        foreach (var number in run.Numbers)
            run.Decode(number, ref sink);
        return Trim(new CountTable(layout.Header.Inputs, classes, seen, counts), firstInput, endInput);
    }

    /// <summary>Adds the rows of the inputs that <paramref name="sum"/> is about, without a table of them in between: segment by segment over many files, while the sum of a segment is in cache.</summary>
    /// <param name="store">Where from.</param>
    /// <param name="names">The artifacts.</param>
    /// <param name="sum">Holds a part of the rows where this throws.</param>
    /// <param name="classesOf">The sum's class of each of an artifact's labels.</param>
    /// <param name="ct">Cancels between artifacts.</param>
    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    public static async Task AddCountsAsync(
        IArtifactStore store, IReadOnlyList<string> names, CountSum sum, Func<IReadOnlyList<string>, int[]> classesOf, CancellationToken ct)
    {
        var (firstInput, endInput) = (sum.FirstInput, sum.FirstInput + sum.Inputs);
        var held = new List<SegmentRun>();
        try
        {
            foreach (var group in names.Chunk(ReadAtOnce))
            {
                ct.ThrowIfCancellationRequested();
                var reading = group.Select(ReadRunAsync).ToArray();
                await ((Task)Task.WhenAll(reading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                held.AddRange(reading.Where(run => run.IsCompletedSuccessfully).Select(run => run.Result));
                await Task.WhenAll(reading);
                if (held.Sum(run => (long)run.Length) >= HeldBytes) AddHeld();
            }
            AddHeld();
        }
        finally
        {
            Forget();
        }

        async Task<SegmentRun> ReadRunAsync(string name)
        {
            var layout = await ReadHeadAsync(store, name, firstInput, endInput, ct);
            return await SegmentRun.ReadAsync(store, name, layout.Header, layout.Touched(firstInput, endInput), ct);
        }

        void AddHeld()
        {
            var sinks = held.ConvertAll(run => new SumSink(sum, classesOf(run.Header.Labels)));
            foreach (var number in held.SelectMany(run => run.Numbers).Distinct().Order())
            {
                for (var i = 0; i < held.Count; i++)
                {
                    var sink = sinks[i];
                    held[i].Decode(number, ref sink);
                }
            }
            Forget();
        }

        void Forget()
        {
            held.ForEach(run => run.Dispose());
            held.Clear();
        }
    }

    private static async Task<StatisticsLayout> ReadHeadAsync(IArtifactStore store, string name, int firstInput, int endInput, CancellationToken ct)
    {
        var layout = await ReadLayoutAsync(store, name, ct) ?? throw new ArtifactMissingException(name);
        ArgumentOutOfRangeException.ThrowIfNegative(firstInput);
        ArgumentOutOfRangeException.ThrowIfLessThan(endInput, firstInput);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endInput, layout.Header.Inputs);
        return layout;
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

    /// <summary>Cuts off what the first and last segment hold beyond the range.</summary>
    private static CountTable Trim(CountTable table, int firstInput, int endInput)
    {
        var rows = table.Between(firstInput, endInput);
        return rows.Seen.Length == table.Seen.Length ? table : new CountTable(table.Inputs, table.Classes, rows.Seen.ToArray(), rows.Counts.ToArray());
    }

    private static void Check(ICountSource counts, StatisticsTotals totals, IReadOnlyList<string> labels)
    {
        if (labels.Count == counts.Classes && totals.ClassRows.Length == counts.Classes && totals.ClassMass.Length == counts.Classes) return;
        throw new ArgumentException(
            $"F has {counts.Classes} classes, but there are {labels.Count} labels, {totals.ClassRows.Length} row counts and {totals.ClassMass.Length} masses",
            nameof(labels));
    }

    /// <summary>Fills a table's arrays, row after row.</summary>
    private struct TableSink(int[] seen, long[] counts, int classes) : ICountSink
    {
        private int _rows;
        private int _row;

        public void Begin(int input)
        {
            _row = _rows * classes;
            seen[_rows++] = input;
        }

        public readonly void Add(int c, long count) => counts[_row + c] = count;
    }

    /// <summary>Adds to a sum.</summary>
    private struct SumSink(CountSum sum, int[] classOf) : ICountSink
    {
        private long _row;

        public void Begin(int input) => _row = sum.Begin(input);

        public readonly void Add(int c, long count)
        {
            if (_row >= 0) sum.Add(_row + classOf[c], count);
        }
    }
}
