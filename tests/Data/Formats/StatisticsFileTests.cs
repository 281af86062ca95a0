using CsCheck;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Formats;

public sealed class StatisticsFileTests : IDisposable
{
    private const string Name = "statistics/a";
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Gen<SufficientStatistics> Statistics =
        from inputs in Gen.Int[0, 30_000]
        from classes in Gen.Int[1, 19].Select(c => c <= 17 ? c : 7 * c)
        from density in Gen.Int[0, 2].Select(i => new[] { 0.001, 0.05, 0.9 }[i])
        from zeros in Gen.Int[0, 2].Select(i => new[] { 0.0, 0.5, 0.99 }[i])
        from largest in Gen.Int[0, 3].Select(i => new[] { 40, 1000, 1 << 20, long.MaxValue }[i])
        from seed in Gen.Int
        select Random(inputs, classes, density, zeros, largest, seed);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public StatisticsFileTests() => _store = new FolderArtifactStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_comes_back_whole_and_in_any_range()
    {
        await Gen.Select(Statistics, Gen.Double[0, 1], Gen.Double[0, 1]).SampleAsync(async (statistics, a, b) =>
        {
            await _store.DeleteAsync(Name, None);
            await WriteAsync(statistics);
            var header = (await StatisticsFile.ReadHeaderAsync(_store, Name, None))!;
            Assert.Equal(statistics.ClassRows, header.ClassRows);
            Assert.Equal(statistics.ClassMass, header.ClassMass);
            Assert.Equal(statistics.ZeroRows, header.ZeroRows);
            Assert.Equal(statistics.Counts.Inputs, header.Inputs);
            Assert.Equal(LabelsOf(statistics), header.Labels);
            Assert.Equal(["h1", "h2"], header.BlockHashes);
            var first = (int)(statistics.Counts.Inputs * Math.Min(a, b));
            var end = (int)(statistics.Counts.Inputs * Math.Max(a, b));
            AssertSame(statistics.Counts, 0, statistics.Counts.Inputs, await ReadAsync(0, statistics.Counts.Inputs));
            AssertSame(statistics.Counts, first, end, await ReadAsync(first, end));
            AssertSame(statistics.Counts, first, end, await AddAsync(first, end, turned: false));
            AssertSame(statistics.Counts, first, end, await AddAsync(first, end, turned: true));
        }, iter: 80, threads: 1);
    }

    [Fact]
    public async Task Chosen_inputs_come_back_with_their_counts_as_far_as_they_were_seen()
    {
        await Gen.Select(Statistics, Gen.Int[0, 40], Gen.Int).SampleAsync(async (statistics, most, seed) =>
        {
            await _store.DeleteAsync(Name, None);
            Assert.Null(await StatisticsFile.ReadInputsAsync(_store, Name, [0], None));
            await WriteAsync(statistics);
            var random = new Random(seed);
            int[] chosen = statistics.Counts.Inputs == 0 ? [] : [.. Enumerable.Range(0, most).Select(_ => random.Next(statistics.Counts.Inputs)).Distinct().Order()];
            var (header, counts) = (await StatisticsFile.ReadInputsAsync(_store, Name, chosen, None))!.Value;
            Assert.Equal(LabelsOf(statistics), header.Labels);
            var expected = await ReadAsync(0, statistics.Counts.Inputs);
            Assert.Equal(chosen.Intersect(expected.Seen), counts.Seen);
            for (var i = 0; i < counts.Seen.Length; i++)
                Assert.Equal(expected.Row(Array.BinarySearch(expected.Seen, counts.Seen[i])).ToArray(), counts.Row(i).ToArray());
        }, iter: 20, threads: 1);
    }

    [Fact]
    public async Task Whoever_writes_first_wins_and_an_equal_write_is_no_error_but_another_one_is()
    {
        var statistics = Random(1000, 3, 0.5, 0.2, 100, 1);
        await WriteAsync(statistics);
        var etag = (await _store.StatAsync(Name, None))!.ETag;
        await WriteAsync(statistics);
        Assert.Equal(etag, (await _store.StatAsync(Name, None))!.ETag);
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => WriteAsync(Random(1000, 3, 0.5, 0.2, 100, 2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public async Task What_a_power_cut_left_of_a_file_is_written_again(int length)
    {
        var statistics = Random(1000, 3, 0.5, 0.2, 100, 1);
        await WriteAsync(statistics);
        var path = Path.Combine(_folder.Path, Name);
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, length < 0 ? whole[..^1] : whole[..length], TestContext.Current.CancellationToken);
        await WriteAsync(statistics);
        Assert.Equal(whole, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_absent_file_has_no_header_and_missing_counts()
    {
        Assert.Null(await StatisticsFile.ReadHeaderAsync(_store, Name, None));
        await Assert.ThrowsAsync<ArtifactMissingException>(() => ReadAsync(0, 0));
    }

    [Fact]
    public async Task A_range_outside_the_inputs_and_statistics_that_contradict_themselves_are_refused()
    {
        var statistics = Random(10, 2, 1, 0, 5, 1);
        await WriteAsync(statistics);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(0, 11));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(5, 4));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(-1, 4));
        await _store.DeleteAsync(Name, None);
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(statistics with { ClassRows = [1] }));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(statistics with { Counts = new CountTable(10, 2, [3, 3], new long[4]) }));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(statistics with { Counts = new CountTable(10, 2, [10], [1, 1]) }));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(statistics with { Counts = new CountTable(10, 2, [1], [1, -1]) }));
    }

    [Fact]
    public async Task A_flipped_byte_or_another_length_never_gives_a_wrong_value()
    {
        var statistics = Random(20_000, 3, 0.02, 0.4, 1000, 3);
        await WriteAsync(statistics);
        async Task Check()
        {
            await Assert.ThrowsAsync<ArtifactDamagedException>(async () =>
            {
                var header = await StatisticsFile.ReadHeaderAsync(_store, Name, None);
                Assert.Equal(statistics.ClassMass, header!.ClassMass);
                await ReadAsync(0, header.Inputs);
            });
        }

        await Damage.ForEachByteAsync(_folder[Name], Check);
        await Damage.ForEachLengthAsync(_folder[Name], Check, step: 7);
        AssertSame(statistics.Counts, 0, 20_000, await ReadAsync(0, 20_000));
    }

    [Fact]
    public async Task A_range_is_read_although_another_segment_is_damaged()
    {
        var statistics = Random(20_000, 3, 0.02, 0.4, 1000, 3);
        await WriteAsync(statistics);
        var content = await File.ReadAllBytesAsync(_folder[Name]);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(_folder[Name], content);
        AssertSame(statistics.Counts, 100, 8000, await ReadAsync(100, 8000));
        var damaged = await Assert.ThrowsAsync<ArtifactDamagedException>(() => ReadAsync(0, 20_000));
        Assert.Equal("segment 4", damaged.Where);
    }

    [Fact]
    public async Task A_typical_shard_is_small_and_fast()
    {
        var typical = Typical();
        var best = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            await _store.DeleteAsync(Name, None);
            var start = TimeProvider.System.GetTimestamp();
            await WriteAsync(typical);
            var written = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            var table = await ReadAsync(0, typical.Counts.Inputs);
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            TestContext.Current.SendDiagnosticMessage(
                "written in {0:f1} ms, with reading {1:f1} ms, {2} bytes", written, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, new FileInfo(_folder[Name]).Length);
            Assert.Equal(typical.Counts.Counts, table.Counts);
        }
        Assert.True(new FileInfo(_folder[Name]).Length < 1_000_000);
        Assert.True(best < 250, $"best of five took {best:f0} ms");
    }

    /// <summary>130,000 inputs seen of 3.3 million, 220,000 cells.</summary>
    private static SufficientStatistics Typical()
    {
        var random = new Random(1);
        int[] seen = [.. Enumerable.Range(0, 3_300_000).Where(_ => random.NextDouble() < 130.0 / 3300)];
        var counts = new long[seen.Length * 10];
        for (var i = 0; i < seen.Length; i++)
        {
            counts[i * 10 + random.Next(10)] = 1 + random.Next(20);
            if (random.NextDouble() < 0.75) counts[i * 10 + random.Next(10)] = 1;
        }
        return new SufficientStatistics(new CountTable(3_300_000, 10, seen, counts), new long[10], new long[10], 0);
    }

    private static SufficientStatistics Random(int inputs, int classes, double density, double zeros, long max, int seed)
    {
        var random = new Random(seed);
        int[] seen = [.. Enumerable.Range(0, inputs).Where(_ => random.NextDouble() < density)];
        var counts = new long[seen.Length * classes];
        for (var i = 0; i < counts.Length; i++) counts[i] = random.NextDouble() < zeros ? 0 : random.NextInt64(1, max);
        long[] rows = [.. Enumerable.Range(0, classes).Select(_ => random.NextInt64())];
        long[] mass = [.. Enumerable.Range(0, classes).Select(_ => random.NextInt64())];
        return new SufficientStatistics(new CountTable(inputs, classes, seen, counts), rows, mass, random.Next());
    }

    private static string[] LabelsOf(SufficientStatistics statistics) => [.. Enumerable.Range(0, statistics.Counts.Classes).Select(i => $"class {i} ä")];

    private static void AssertSame(CountTable expected, int first, int end, CountTable read)
    {
        // A row of zeros is the same as none.
        var rows = Enumerable.Range(0, expected.Seen.Length)
            .Where(i => expected.Seen[i] >= first && expected.Seen[i] < end && expected.Row(i).ContainsAnyExcept(0L)).ToArray();
        Assert.Equal(expected.Inputs, read.Inputs);
        Assert.Equal(expected.Classes, read.Classes);
        Assert.Equal(rows.Select(i => expected.Seen[i]), read.Seen);
        for (var i = 0; i < rows.Length; i++) Assert.True(expected.Row(rows[i]).SequenceEqual(read.Row(i)));
    }

    private Task WriteAsync(SufficientStatistics statistics) => StatisticsFile.WriteAsync(_store, Name, statistics.Counts, statistics.Totals, LabelsOf(statistics), ["h1", "h2"], None);

    /// <summary>The sum of this file alone, by classes in their order or turned round and back.</summary>
    private async Task<CountTable> AddAsync(int first, int end, bool turned)
    {
        var header = (await StatisticsFile.ReadHeaderAsync(_store, Name, None))!;
        var classes = header.Labels.Length;
        var sum = new CountSum(first, end - first, classes);
        await StatisticsFile.AddCountsAsync(_store, [Name], sum, _ => [.. Enumerable.Range(0, classes).Select(c => turned ? classes - 1 - c : c)], None);
        var table = sum.ToTable(header.Inputs);
        if (turned)
        {
            for (var i = 0; i < table.Seen.Length; i++) table.Counts.AsSpan(i * classes, classes).Reverse();
        }
        return table;
    }

    private Task<CountTable> ReadAsync(int first, int end) => StatisticsFile.ReadCountsAsync(_store, Name, first, end, None);
}
