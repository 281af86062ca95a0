using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Selection;

/// <summary>Leave-one-out from the full counts equals solving again without the row.</summary>
public class LeaveOneOutTests
{
    private static readonly double[] Ks = [1, 3, 8];
    private static readonly double[] Alphas = [.01, .3];

    [Theory, InlineData(2, 0), InlineData(3, .5), InlineData(17, 1)]
    public void Blocks_left_out_score_as_if_solved_without_the_row(int classes, double beta)
    {
        var random = new Random(classes);
        var rows = RandomRows.Blocks(random, 60, 5, 7);
        var labels = Enumerable.Range(0, 60).Select(m => m % classes).ToArray();
        var statistics = BlockStatistics.Accumulate(rows, labels, classes);
        var leaveOneOut = new BlockLeaveOneOut(rows.Layout, statistics.Counts, TotalsOf(statistics), Ks, Alphas, beta);
        var grid = leaveOneOut.Score(rows, labels, CancellationToken.None);
        Assert.Equal(60, grid.Rows);
        AssertGrid(grid, m =>
        {
            int[] others = [.. Enumerable.Range(0, 60).Where(i => i != m)];
            var without = BlockStatistics.Accumulate(RandomRows.Pick(rows, others), [.. others.Select(i => labels[i])], classes);
            return (settings => ScoresOf(new ExplicitSolution(rows.Layout, TotalsOf(without), settings), without, rows, m, classes), labels[m]);
        }, 60, beta);
    }

    [Fact]
    public void Fast_block_scores_equal_the_plain_ones()
    {
        var random = new Random(3);
        for (var classes = 1; classes <= 20; classes++)
        {
            var rows = RandomRows.Blocks(random, 33, 6, 9);
            var labels = RandomRows.Labels(random, 33, classes);
            var statistics = BlockStatistics.Accumulate(rows, labels, classes);
            var leaveOneOut = new BlockLeaveOneOut(rows.Layout, statistics.Counts, TotalsOf(statistics), Ks, Alphas, 0);
            var (fast, plain) = (new double[33 * classes], new double[33 * classes]);
            leaveOneOut.MeanScores(1, rows, labels, 0, fast);
            leaveOneOut.MeanScoresPlain(1, rows, labels, 0, plain);
            for (var i = 0; i < fast.Length; i++)
                Assert.Equal(plain[i], fast[i], 1e-12 * Math.Max(1, Math.Abs(plain[i])));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Dense_rows_left_out_score_as_if_solved_without_the_row(bool bytes)
    {
        const int Count = 50, Inputs = 19, Classes = 3;
        var random = new Random(11);
        var rows = bytes ? RandomRows.Bytes(random, Count, Inputs) : RandomRows.Floats(random, Count, Inputs);
        var labels = Enumerable.Range(0, Count).Select(m => m % Classes).ToArray();
        var layout = RowLayout.Dense([("test", Inputs)]);
        var statistics = DenseStatistics.Accumulate(rows, labels, Classes);
        var leaveOneOut = new DenseLeaveOneOut(layout, statistics.Counts, TotalsOf(statistics), Ks, Alphas, 0);
        var grid = leaveOneOut.Score(rows, labels, CancellationToken.None);
        Assert.Equal(Count - statistics.ZeroRows, grid.Rows);
        AssertGrid(grid, m =>
        {
            int[] others = [.. Enumerable.Range(0, Count).Where(i => i != m)];
            var without = DenseStatistics.Accumulate(RandomRows.Pick(rows, others), [.. others.Select(i => labels[i])], Classes);
            return IsZero(rows, m) ? (null, labels[m]) : (settings => ScoresOf(layout, without, settings, rows, m), labels[m]);
        }, Count, beta: 0);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Fast_dense_scores_equal_the_plain_ones(bool bytes)
    {
        var random = new Random(4);
        for (var inputs = 1; inputs <= 40; inputs++)
        {
            var classes = 1 + inputs % 19;
            var rows = bytes ? RandomRows.Bytes(random, 12, inputs) : RandomRows.Floats(random, 12, inputs);
            var labels = RandomRows.Labels(random, 12, classes);
            var statistics = DenseStatistics.Accumulate(rows, labels, classes);
            var layout = RowLayout.Dense([("test", inputs)]);
            var leaveOneOut = new DenseLeaveOneOut(layout, statistics.Counts, TotalsOf(statistics), Ks, Alphas, 0);
            for (var m = 0; m < rows.Count; m++)
            {
                var (fast, plain) = (leaveOneOut.MeanScores(1, rows, m, labels[m]), leaveOneOut.MeanScoresPlain(1, rows, m, labels[m]));
                for (var c = 0; c < classes; c++)
                    Assert.Equal(plain[c], fast[c], 1e-12 * Math.Max(1, Math.Abs(plain[c])));
            }
        }
    }

    [Fact]
    public void A_row_that_is_its_classs_only_one_is_left_out_of_the_choice()
    {
        var rows = RandomRows.Blocks(new Random(1), 5, 3, 4);
        int[] labels = [0, 0, 1, 0, 0];
        var statistics = BlockStatistics.Accumulate(rows, labels, 2);
        var grid = new BlockLeaveOneOut(rows.Layout, statistics.Counts, TotalsOf(statistics), Ks, Alphas, 0).Score(rows, labels, CancellationToken.None);
        Assert.Equal(4, grid.Rows);
    }

    [Fact]
    public void Ties_go_to_the_smaller_K_then_to_the_smaller_alpha()
    {
        Assert.Equal((1.0, .3), new GridLoss(Ks, Alphas) { Rows = 1, Losses = [9, 4, 4, 4, 9, 9] }.Choose());
        Assert.Equal((3.0, .01), new GridLoss(Ks, Alphas) { Rows = 1, Losses = [9, 4, 4, 9, 4, 9] }.Choose());
    }

    private static void AssertGrid(GridLoss grid, Func<int, (Func<SolveSettings, double[]>? Scores, int Label)> leaveOut, int rows, double beta)
    {
        var expected = new double[Alphas.Length * Ks.Length];
        for (var m = 0; m < rows; m++)
        {
            var (scoresOf, label) = leaveOut(m);
            for (var i = 0; i < expected.Length && scoresOf is not null; i++)
            {
                var scores = scoresOf(new SolveSettings(Ks[i % Ks.Length], Alphas[i / Ks.Length], beta));
                expected[i] += Softmax.Probabilities(scores, new double[scores.Length]) - scores[label];
            }
        }
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i] / grid.Rows, grid.CrossEntropy(i / Ks.Length, i % Ks.Length), 1e-9);
    }

    private static ClassTotals TotalsOf(SufficientStatistics statistics) => new(statistics.ClassRows, statistics.ClassMass);

    private static double[] ScoresOf(ExplicitSolution solution, SufficientStatistics statistics, BlockRows rows, int m, int classes)
    {
        var scores = solution.BiasDouble();
        var weights = solution.SolveDouble(statistics.Counts);
        for (var block = 0; block < rows.Layout.Blocks; block++)
        {
            var row = Array.BinarySearch(statistics.Counts.Seen, rows.Layout.BlockStart(block) + rows.Block(block)[m]);
            var added = row >= 0 ? weights.AsSpan(row * classes, classes) : solution.UnseenDouble(block);
            for (var c = 0; c < classes; c++)
                scores[c] += added[c];
        }
        return scores;
    }

    private static double[] ScoresOf(RowLayout layout, SufficientStatistics statistics, SolveSettings settings, DenseRows rows, int m)
    {
        var solution = new ExplicitSolution(layout, TotalsOf(statistics), settings);
        var scores = solution.BiasDouble();
        var weights = solution.SolveDouble(statistics.Counts);
        double norm = 0;
        for (var j = 0; j < rows.Inputs; j++)
            norm += Value(rows, m, j);
        for (var j = 0; j < rows.Inputs; j++)
        {
            var row = Array.BinarySearch(statistics.Counts.Seen, j);
            var added = row >= 0 ? weights.AsSpan(row * scores.Length, scores.Length) : solution.UnseenDouble(0);
            for (var c = 0; c < scores.Length; c++)
                scores[c] += Value(rows, m, j) / norm * added[c];
        }
        return scores;
    }

    private static bool IsZero(DenseRows rows, int m) => Enumerable.Range(0, rows.Inputs).All(j => Value(rows, m, j) == 0);

    private static double Value(DenseRows rows, int m, int j) => rows.IsBytes ? rows.Bytes[m * rows.Inputs + j] : rows.Floats[m * rows.Inputs + j];
}
