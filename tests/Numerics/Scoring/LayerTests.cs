using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Scoring;

namespace ExplicitCluster.Numerics.Tests.Scoring;

public sealed class LayerTests
{
    [Fact]
    public void Block_scores_have_the_plain_twins_bits_for_any_number_of_blocks_rows_and_classes()
    {
        var random = new Random(1);
        for (var trial = 0; trial <= 256; trial++)
        {
            var (count, blocks, codes, classes) = (random.Next(41), trial % 37, random.Next(2, 40), random.Next(1, 21));
            AssertBlockTwins(random, RandomRows.Blocks(random, count, blocks, codes), classes);
        }
    }

    [Theory]
    [InlineData(2000, 19, 256, 10)]
    [InlineData(600, 17, 256, 16)]
    [InlineData(600, 17, 64, 33)]
    [InlineData(70, 9, 5, 1000)]
    [InlineData(5, 9, 5, 20000)]
    [InlineData(300, 10, 19683, 10)]
    public void Block_scores_have_the_plain_twins_bits_over_several_tiles(int count, int blocks, int codes, int classes)
    {
        var random = new Random(2);
        AssertBlockTwins(random, RandomRows.Blocks(random, count, blocks, codes), classes);
    }

    [Fact]
    public void Dense_scores_have_the_plain_twins_bits_for_any_number_of_inputs_rows_and_classes()
    {
        var random = new Random(3);
        for (var inputs = 0; inputs <= 256; inputs++)
        {
            var (count, classes) = (random.Next(21), random.Next(1, 41));
            var layer = new DenseLayer(inputs, classes, Noise(random, classes), Noise(random, inputs * classes));
            foreach (var rows in new[] { RandomRows.Bytes(random, count, inputs), RandomRows.Floats(random, count, inputs) })
            {
                var first = random.Next(count + 1);
                var (fast, plain) = (new double[(count - first) * classes], new double[(count - first) * classes]);
                layer.Score(rows, first, count - first, fast);
                layer.ScorePlain(rows, first, count - first, plain);
                Assert.Equal(plain, fast);
            }
        }
    }

    [Fact]
    public void A_dense_row_of_norm_0_scores_the_bias()
    {
        var layer = new DenseLayer(3, 2, [0.25f, -1], [1, 2, 3, 4, 5, 6]);
        var scores = new double[2];
        layer.Score(new DenseRows(1, 3, isBytes: true, new byte[3]), 0, 1, scores);
        Assert.Equal([0.25, -1], scores);
    }

    [Fact]
    public void Codes_and_rows_out_of_range_are_refused()
    {
        foreach (var blocks in new[] { 3, 8 })
        {
            var rows = RandomRows.Blocks(new Random(4), 50, blocks, 6);
            var layer = new BlockLayer(rows.Layout, 2, new float[2], new int[6 * blocks], new float[2]);
            var scores = new double[100];
            Assert.Throws<ArgumentOutOfRangeException>(() => layer.Score(rows, 1, 50, scores));
            Assert.Throws<ArgumentException>(() => layer.Score(rows, 0, 50, scores.AsSpan(1)));
            rows.Block(blocks - 1)[49] = 6;
            Assert.Throws<ArgumentException>(() => layer.Score(rows, 0, 50, scores));
            Assert.Throws<ArgumentException>(() => layer.ScorePlain(rows, 0, 50, scores));
        }
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        var layout = RowLayout.OfBlocks([("test", 2, 2)]);
        Assert.Throws<ArgumentException>(() => new BlockLayer(layout, 2, new float[3], new int[4], new float[2]));
        Assert.Throws<ArgumentException>(() => new BlockLayer(layout, 2, new float[2], new int[3], new float[2]));
        Assert.Throws<ArgumentException>(() => new BlockLayer(layout, 2, new float[2], new int[4], new float[3]));
        Assert.Throws<ArgumentException>(() => new BlockLayer(layout, 2, new float[2], [0, 0, 1, 0], new float[2]));
        Assert.Throws<ArgumentException>(() => new DenseLayer(2, 2, new float[2], new float[5]));
    }

    private static void AssertBlockTwins(Random random, BlockRows rows, int classes)
    {
        AssertBlockTwins(random, rows, classes, weightRows: random.Next(1, 50));
        // As many rows as inputs lie in another order in memory.
        AssertBlockTwins(random, rows, classes, weightRows: rows.Layout.Inputs);
    }

    private static void AssertBlockTwins(Random random, BlockRows rows, int classes, int weightRows)
    {
        var rowOfInput = new int[rows.Layout.Inputs];
        foreach (ref var row in rowOfInput.AsSpan())
            row = random.Next(weightRows);
        var layer = new BlockLayer(rows.Layout, classes, Noise(random, classes), rowOfInput, Noise(random, weightRows * classes));
        var first = random.Next(Math.Min(5, rows.Count + 1));
        var count = rows.Count - first;
        var (fast, plain) = (new double[count * classes], new double[count * classes]);
        layer.Score(rows, first, count, fast);
        layer.ScorePlain(rows, first, count, plain);
        Assert.Equal(plain, fast);
    }

    private static float[] Noise(Random random, int count)
    {
        var noise = new float[count];
        foreach (ref var value in noise.AsSpan())
            value = random.NextSingle() * 20 - 10;
        return noise;
    }
}
