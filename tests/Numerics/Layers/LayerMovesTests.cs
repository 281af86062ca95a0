using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Layers;

public class LayerMovesTests
{
    private const int Classes = 3;
    private const double K = 2.5;
    private const double Alpha = 0.1;

    [Fact]
    public void A_moved_layer_of_blocks_scores_whole_rows_as_its_refined_weights_do()
    {
        var random = new Random(3);
        var layout = RowLayout.OfBlocks([("test", 5, 4)]);
        var rows = RowsOf(random, layout, 60, codes: 3); // code 3 is never seen
        rows.Block(2).Fill(1);                           // and a block says nothing
        var labels = RandomRows.Labels(random, 60, Classes);
        var statistics = BlockStatistics.Accumulate(rows, labels, Classes);
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        var compaction = new CodeCompaction(layout, statistics.Counts, 1);
        var moved = Enumerable.Range(0, compaction.Cells * Classes).Select(_ => random.NextDouble() - 0.5).ToArray();
        var moves = LayerMoves.OfBlocks(compaction, statistics.Counts, moved, new double[Classes], K);
        var scores = new WindowScores(layout, WindowGrid.Whole(layout), statistics.Counts, totals, Alpha, moves: moves);
        var unmoved = new WindowScores(layout, WindowGrid.Whole(layout), statistics.Counts, totals, Alpha);
        var test = RowsOf(random, layout, 20, codes: 4);
        var (with, without) = (new long[20 * Classes], new long[20 * Classes]);
        scores.Score(test, [], 0, 20, with);
        unmoved.Score(test, [], 0, 20, without);
        var compacted = compaction.Encode(test);
        for (var m = 0; m < 20; m++)
        {
            for (var c = 0; c < Classes; c++)
            {
                var expected = Enumerable.Range(0, compaction.Blocks).Sum(block => moved[(compaction.Starts[block] + compacted.Block(block)[m]) * Classes + c]);
                Assert.Equal(expected, K * (with[m * Classes + c] - without[m * Classes + c]) / (WindowScores.One * layout.Blocks), 1e-6);
            }
        }
    }

    [Fact]
    public void A_row_is_left_out_of_what_sweeps_moved_by_their_mean_step()
    {
        var random = new Random(4);
        var layout = RowLayout.OfBlocks([("test", 4, 3)]);
        var (rows, labels) = (RowsOf(random, layout, 30, codes: 3), RandomRows.Labels(random, 30, Classes));
        var statistics = BlockStatistics.Accumulate(rows, labels, Classes);
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        var none = new LayerMoves(new double[(statistics.Counts.Seen.Length + 4) * Classes], new double[Classes]);
        var (left, explicitly) = (new long[Classes], new long[Classes]);
        new WindowScores(layout, WindowGrid.Whole(layout), statistics.Counts, totals, Alpha, moves: none with { Step = 7, StepAlpha = 2 }).Score(rows, labels.AsSpan(0, 1), 0, 1, left);
        new WindowScores(layout, WindowGrid.Whole(layout), statistics.Counts, totals, Alpha, moves: none).Score(rows, labels.AsSpan(0, 1), 0, 1, explicitly);
        var expected = Enumerable.Range(0, 4).Sum(block =>
        {
            var input = layout.BlockStart(block) + rows.Block(block)[0];
            var count = statistics.Counts.Row(Array.IndexOf(statistics.Counts.Seen, input))[labels[0]];
            return 7 * (Math.Log(count - 1 + 2) - Math.Log(count + 2));
        });
        for (var c = 0; c < Classes; c++)
            Assert.Equal(c == labels[0] ? expected : 0, (left[c] - explicitly[c]) / WindowScores.One, 1e-6);
    }

    [Fact]
    public void A_moved_layer_of_dense_rows_gives_the_probabilities_of_its_refined_weights()
    {
        var random = new Random(5);
        var shape = RowShape.Image(2, 3);
        var below = new RowEncoder([new PixelMap()], shape);
        var bytes = new byte[40 * 6];
        random.NextBytes(bytes);
        var raw = new RawRows(shape, 40, bytes);
        var labels = RandomRows.Labels(random, 40, Classes);
        var statistics = DenseStatistics.Accumulate(below.EncodeDense(raw), labels, Classes);
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        var solution = new ExplicitSolution(below.Layout, totals, new SolveSettings(K, Alpha, 0));
        var (weights, bias) = (solution.All(statistics.Counts), solution.Bias());
        var moved = Enumerable.Range(0, weights.Length).Select(_ => random.NextDouble() - 0.5).ToArray();
        double[] movedBias = [0.3, -0.1, 0.2];
        var refined = new DenseLayer(6, Classes, [.. bias.Zip(movedBias, (b, move) => (float)(b + move))], [.. weights.Zip(moved, (w, move) => (float)(w + move))]);
        var scores = new DenseWindowScores(below.Layout, WindowGrid.Whole(below.Layout), statistics.Counts, totals, Alpha, moves: LayerMoves.OfDense(moved, movedBias, K));
        var map = new SoftmaxMap(below, WindowGrid.Whole(below.Layout), LayerTargets.OfClasses(Classes), scores, K, 0);
        var (activations, expected) = (new float[40 * Classes], new double[40 * Classes]);
        map.Encode(raw, activations, Classes);
        refined.Score(below.EncodeDense(raw), 0, 40, expected);
        var p = new double[Classes];
        for (var m = 0; m < 40; m++)
        {
            Softmax.Probabilities(expected.AsSpan(m * Classes, Classes), p);
            for (var c = 0; c < Classes; c++)
                Assert.Equal(p[c], activations[m * Classes + c], 1e-5);
            for (var y = -1; y < Classes; y++)
            {
                var (sums, weightsOf) = (new long[Classes], new long[1]);
                scores.Score(below, raw.Slice(m, 1), y < 0 ? [] : [y], sums, weightsOf);
                Assert.Equal(Enumerable.Range(0, Classes).Select(c => scores.ScorePlain(below.EncodeDense(raw), m, y, 0, c)), sums);
            }
        }
    }

    [Fact]
    public void Classes_that_were_not_refined_do_not_move()
    {
        var moves = new LayerMoves([1, 2, 3, 4], [5, 6]) { Step = 7, StepAlpha = 8 }.Among([0, 2], 4);
        Assert.Equal([1, 0, 2, 0, 3, 0, 4, 0], moves.Values);
        Assert.Equal([5, 0, 6, 0], moves.Bias);
        Assert.Equal((7, 8), (moves.Step, moves.StepAlpha));
        Assert.Equal([11, 13, 21, 23], new CountTable(9, 4, [2, 5], [11, 0, 13, 0, 21, 0, 23, 0]).OfClasses([0, 2]).Counts);
    }

    private static BlockRows RowsOf(Random random, RowLayout layout, int count, int codes)
    {
        var rows = new BlockRows(layout, count);
        for (var block = 0; block < layout.Blocks; block++)
        {
            foreach (ref var code in rows.Block(block))
                code = (ushort)random.Next(codes);
        }
        return rows;
    }
}
