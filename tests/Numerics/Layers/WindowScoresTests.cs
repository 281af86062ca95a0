using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Layers;

public class WindowScoresTests
{
    [Theory]
    [InlineData(5, 4, 3, 2, 1, 3, 1)]
    [InlineData(7, 7, 3, 3, 2, 10, 2)]
    [InlineData(6, 5, 6, 5, 1, 9, 1)]
    [InlineData(9, 3, 2, 1, 3, 17, 3)]
    public void Sums_by_corners_are_the_sums_of_the_blocks_with_and_without_the_row_itself(
        int across, int down, int width, int height, int stride, int classes, int maps)
    {
        var random = new Random(across);
        var layout = RowLayout.OfBlocks(Enumerable.Range(0, maps).Select(map => ($"{map}", across * down, 3 + map)));
        var (rows, labels) = (Rows(random, layout, 70), RandomRows.Labels(random, 70, classes));
        var statistics = BlockStatistics.Accumulate(rows, labels, classes);
        var windows = new WindowGrid((across, down), (width, height), stride);
        var scores = new WindowScores(layout, windows, statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass), 0.05);
        var (fast, plain) = (new long[70 * windows.Count * classes], new long[70 * windows.Count * classes]);
        foreach (var own in new[] { [], labels })
        {
            scores.Score(rows, own, 0, 70, fast);
            scores.ScorePlain(rows, own, 0, 70, plain);
            Assert.Equal(plain, fast);
        }
    }

    [Fact]
    public void A_row_left_out_scores_as_if_it_had_never_been_counted()
    {
        var random = new Random(1);
        var layout = RowLayout.OfBlocks([("test", 6, 3)]);
        var (all, labels) = (Rows(random, layout, 40), RandomRows.Labels(random, 40, 4));
        var others = new BlockRows(layout, 39);
        for (var block = 0; block < 6; block++)
            all.Block(block)[1..].CopyTo(others.Block(block));
        var (with, without) = (ScoresOf(all, labels), ScoresOf(others, labels[1..]));
        var (left, never) = (new long[2 * 4], new long[2 * 4]);
        with.Score(all, labels.AsSpan(0, 1), 0, 1, left);
        without.Score(all, [], 0, 1, never);
        var y = labels[0];
        Assert.Equal((never[y], never[4 + y]), (left[y], left[4 + y])); // other classes count all their rows either way
        Assert.Equal(Enumerable.Range(0, 8).Where(i => i % 4 != y).Select(i => never[i]), Enumerable.Range(0, 8).Where(i => i % 4 != y).Select(i => left[i]));

        static WindowScores ScoresOf(BlockRows rows, int[] labels)
        {
            var statistics = BlockStatistics.Accumulate(rows, labels, 4);
            return new WindowScores(rows.Layout, new WindowGrid((3, 2), (2, 2), 1), statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass), 0.1);
        }
    }

    [Fact]
    public void What_cannot_be_is_refused_with_its_numbers()
    {
        Assert.Equal(
            "windows of 9 x 3 positions do not fit the 8 x 8 positions of the layer's features",
            Assert.Throws<FeatureException>(() => new WindowGrid((8, 8), (9, 3), 1)).Message);
        Assert.Equal("tuples of 3 windows, and the layer has 2", Assert.Throws<FeatureException>(() => WindowTuples.Draw(2, 3, 1, 1)).Message);
        var below = new RowEncoder([new BinsMap([1])], RowShape.Image(4, 4));
        Assert.Equal(
            "tuples of 5 windows of 10 classes have 100000 codes, more than 65,536",
            Assert.Throws<FeatureException>(() => new WindowClassMap(below, new WindowGrid((4, 4), (1, 1), 1), [[0, 1, 2, 3, 4]], LayerTargets.OfClasses(10), null)).Message);
        Assert.Throws<SolveException>(() => new WindowScores(below.Layout, WindowGrid.Whole(below.Layout), new CountTable(32, 2, [], []), new ClassTotals([1, 1], [1, 1]), 0));
    }

    private static BlockRows Rows(Random random, RowLayout layout, int count)
    {
        var rows = new BlockRows(layout, count);
        for (var block = 0; block < layout.Blocks; block++)
        {
            foreach (ref var code in rows.Block(block))
                code = (ushort)random.Next(layout.BlockSize(block));
        }
        return rows;
    }
}
