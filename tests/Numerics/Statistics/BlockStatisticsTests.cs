using CsCheck;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Statistics;

public sealed class BlockStatisticsTests
{
    [Fact]
    public void Every_number_of_rows_gives_the_plain_twins_counts()
    {
        var random = new Random(1);
        for (var count = 0; count <= 256; count++)
        {
            var (blocks, codes, classes) = (random.Next(1, 12), random.Next(2, 300), random.Next(1, 21));
            AssertTwins(RandomRows.Blocks(random, count, blocks, codes), RandomRows.Labels(random, count, classes), classes);
        }
    }

    [Theory]
    [InlineData(500, 3, 2, 1)]
    [InlineData(500, 3, 256, 10)]
    [InlineData(500, 3, 256, 16)]
    [InlineData(500, 3, 256, 17)]
    [InlineData(500, 3, 1024, 10)]
    [InlineData(500, 3, 1025, 10)]
    [InlineData(500, 3, 19683, 10)]
    [InlineData(300, 2, 65536, 10)]
    [InlineData(300, 2, 65536, 300)]
    [InlineData(300, 2, 40, 5000)]
    public void Every_way_to_count_gives_the_plain_twins_counts(int count, int blocks, int codes, int classes)
    {
        var random = new Random(2);
        AssertTwins(RandomRows.Blocks(random, count, blocks, codes), RandomRows.Labels(random, count, classes), classes);
    }

    [Fact]
    public void Blocks_of_different_sizes_in_one_row_do_not_disturb_each_other()
    {
        var random = new Random(3);
        var layout = RowLayout.OfBlocks([("a", 2, 5), ("b", 2, 3000), ("c", 3, 256), ("d", 1, 2)]);
        var rows = new BlockRows(layout, 333);
        for (var block = 0; block < layout.Blocks; block++)
        {
            foreach (ref var code in rows.Block(block))
                code = (ushort)random.Next(layout.BlockSize(block));
        }
        AssertTwins(rows, RandomRows.Labels(random, rows.Count, 10), 10);
    }

    [Fact]
    public void Totals_are_rows_and_blocks_times_rows()
    {
        var statistics = BlockStatistics.Accumulate(RandomRows.Blocks(new Random(4), 5, 7, 4), [0, 2, 2, 0, 2], 3);
        Assert.Equal([2, 0, 3], statistics.ClassRows);
        Assert.Equal([14, 0, 21], statistics.ClassMass);
        Assert.Equal(0, statistics.ZeroRows);
    }

    [Fact]
    public void Codes_and_labels_out_of_range_are_refused()
    {
        foreach (var codes in new[] { 4, 300, 3000 })
        {
            var rows = RandomRows.Blocks(new Random(5), 70, 3, codes);
            var labels = RandomRows.Labels(new Random(6), 70, 2);
            Assert.Throws<ArgumentException>(() => BlockStatistics.Accumulate(rows, labels, 1));
            foreach (var row in new[] { 0, 40, 69 })
            {
                var before = rows.Block(1)[row];
                rows.Block(1)[row] = (ushort)codes;
                Assert.Throws<ArgumentException>(() => BlockStatistics.Accumulate(rows, labels, 2));
                Assert.Throws<ArgumentException>(() => BlockStatistics.AccumulatePlain(rows, labels, 2));
                rows.Block(1)[row] = before;
            }
        }
    }

    [Fact]
    public void Order_and_splits_do_not_change_the_counts() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 9], Gen.Int[2, 1500], Gen.Int[1, 20], Gen.Int).Sample(
            (count, blocks, codes, classes, seed) =>
            {
                var random = new Random(seed);
                var rows = RandomRows.Blocks(random, count, blocks, codes);
                var labels = RandomRows.Labels(random, count, classes);
                var whole = BlockStatistics.Accumulate(rows, labels, classes);
                var order = Enumerable.Range(0, count).ToArray();
                random.Shuffle(order);
                RandomRows.AssertEqual(whole, BlockStatistics.Accumulate(RandomRows.Pick(rows, order), RandomRows.Pick(labels, order), classes));

                var (one, other) = (order[..(count / 3)], order[(count / 3)..]);
                var first = BlockStatistics.Accumulate(RandomRows.Pick(rows, one), RandomRows.Pick(labels, one), classes);
                var second = BlockStatistics.Accumulate(RandomRows.Pick(rows, other), RandomRows.Pick(labels, other), classes);
                var nothing = whole with { Counts = new CountTable(rows.Layout.Inputs, classes, [], []) };
                Assert.Equal(RandomRows.Sum(whole, nothing), RandomRows.Sum(first, second));
            },
            iter: 200);

    [Fact]
    public void Counting_blocks_twice_gives_twice_the_counts()
    {
        var rows = RandomRows.Blocks(new Random(7), 50, 4, 30);
        var labels = RandomRows.Labels(new Random(8), 50, 3);
        var twice = Enumerable.Range(0, 100).Select(i => i % 50).ToArray();
        var once = BlockStatistics.Accumulate(rows, labels, 3);
        var both = BlockStatistics.Accumulate(RandomRows.Pick(rows, twice), RandomRows.Pick(labels, twice), 3);
        Assert.Equal(once.Counts.Counts.Select(count => 2 * count), both.Counts.Counts);
    }

    private static void AssertTwins(BlockRows rows, int[] labels, int classes) =>
        RandomRows.AssertEqual(BlockStatistics.AccumulatePlain(rows, labels, classes), BlockStatistics.Accumulate(rows, labels, classes));
}
