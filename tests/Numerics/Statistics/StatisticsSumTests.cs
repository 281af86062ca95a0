using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Statistics;

public sealed class StatisticsSumTests
{
    private const int Inputs = 1000;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(7, 5)]
    [InlineData(40, 10)]
    public void A_sum_has_every_cell_of_its_parts(int parts, int classes)
    {
        var random = new Random(parts * 31 + classes);
        var plain = new SortedDictionary<int, long[]>();
        using var sum = new StatisticsSum(Inputs, classes);
        for (var part = 0; part < parts; part++)
        {
            var seen = Enumerable.Range(0, Inputs).Where(_ => random.Next(20) == 0).ToArray();
            var counts = Enumerable.Range(0, seen.Length * classes).Select(_ => (long)random.Next(3)).ToArray();
            for (var cell = 0; cell < counts.Length; cell++)
            {
                plain.TryAdd(seen[cell / classes], new long[classes]);
                plain[seen[cell / classes]][cell % classes] += counts[cell];
            }
            sum.Add(Part(classes, seen, counts));
        }

        var total = sum.Total();

        Assert.Equal(plain.Keys, total.Counts.Seen);
        Assert.Equal(plain.Values.SelectMany(row => row), total.Counts.Counts);
        Assert.Equal(Enumerable.Repeat((long)parts, classes), total.ClassRows);
        Assert.Equal(2 * parts, total.ZeroRows);
    }

    [Fact]
    public void The_sum_of_nothing_has_no_rows()
    {
        var total = new StatisticsSum(Inputs, 2).Total();

        Assert.Empty(total.Counts.Seen);
        Assert.Equal([0, 0], total.ClassRows);
    }

    [Fact]
    public void Parts_of_many_cells_are_added_on_the_way()
    {
        const int Classes = 1 << 15;
        using var sum = new StatisticsSum(Inputs, Classes);
        var counts = Enumerable.Repeat(1L, Inputs * Classes).ToArray();
        for (var part = 0; part < 4; part++)
            sum.Add(Part(Classes, [.. Enumerable.Range(0, Inputs)], counts));

        var rows = sum.Between(7, 9);

        Assert.Equal([7, 8], rows.Seen);
        Assert.Equal(-1, rows.Counts.IndexOfAnyExcept(4L));
    }

    [Fact]
    public void A_count_beyond_64_bits_is_refused()
    {
        using var sum = new StatisticsSum(Inputs, 4);
        sum.Add(Part(4, [3], [0, long.MaxValue, 0, 0]));
        sum.Add(Part(4, [3], [0, 1, 0, 0]));

        Assert.Throws<OverflowException>(() => sum.Total());
    }

    private static SufficientStatistics Part(int classes, int[] seen, long[] counts) =>
        new(new CountTable(Inputs, classes, seen, counts), [.. Enumerable.Repeat(1L, classes)], new long[classes], 2);
}
