using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Selection;

/// <summary>Every setting of a grid scores rows as a solution from the other folds alone does, and as leave-one-out does.</summary>
public class FoldGridTests
{
    private const int Rows = 400;
    private const int Classes = 3;
    private const int Folds = 4;

    private static readonly double[] Ks = [1, 3, 8];
    private static readonly double[] Alphas = [.01, .02, .05, .1, .2, .3, .5, 1, 2]; // more than a vector's
    private static readonly PriorSetting[] Priors = [new(false, 0), new(false, .5), new(true, 0)];

    [Fact]
    public void Blocks_of_a_fold_score_as_if_solved_from_the_others()
    {
        var random = new Random(1);
        var rows = BlocksOfTwoMaps(random, Rows);
        var labels = RandomRows.Labels(random, Rows, Classes);
        var settings = new GridSettings([[0], [1], [0, 1]], Priors, Alphas, Ks);
        var folds = RandomRows.Labels(random, Rows, Folds);
        var whole = BlockStatistics.Accumulate(rows, labels, Classes);
        var parts = Enumerable.Range(0, Folds).Select(fold => BlockStatistics.Accumulate(RandomRows.Pick(rows, In(folds, fold)), RandomRows.Pick(labels, In(folds, fold)), Classes)).ToArray();
        var evidence = new FoldEvidence(rows.Layout, TotalsOf(whole), parts.Select(TotalsOf));
        var tables = new BlockFoldTables(rows.Layout, Classes, Folds);
        tables.Add(whole.Counts, [.. parts.Select(part => part.Counts)]);
        var sums = new FoldGrid(tables.Complete(), evidence, settings).Score(rows, labels, folds, CancellationToken.None);
        AssertFolds(settings, sums, folds, labels, (fold, group, setting, prior) =>
        {
            var others = Others(folds, fold);
            var (map, layout) = GroupOf(rows, settings.Groups[group]);
            var without = BlockStatistics.Accumulate(RandomRows.Pick(map, others), RandomRows.Pick(labels, others), Classes);
            var solution = new ExplicitSolution(layout, TotalsOf(without), setting);
            var weights = solution.AllDouble(without.Counts);
            var bias = prior.IsUniform ? new double[Classes] : solution.BiasDouble();
            return (m, c) => bias[c] + Enumerable.Range(0, layout.Blocks).Sum(block => weights[(layout.BlockStart(block) + map.Block(block)[m]) * Classes + c]);
        });

        var expected = new BlockLeaveOneOut(rows.Layout, whole.Counts, TotalsOf(whole), Ks, Alphas, .5).Score(rows, labels, CancellationToken.None);
        AssertLeftOut(settings, sums, expected, group: 2);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Dense_rows_of_a_fold_score_as_if_solved_from_the_others(bool bytes)
    {
        const int Inputs = 13;
        var random = new Random(2);
        var rows = bytes ? RandomRows.Bytes(random, Rows, Inputs) : RandomRows.Floats(random, Rows, Inputs);
        var labels = RandomRows.Labels(random, Rows, Classes);
        var folds = RandomRows.Labels(random, Rows, Folds);
        var layout = RowLayout.Dense([("test", Inputs)]);
        var settings = new GridSettings([[0]], Priors, Alphas, Ks);
        var whole = DenseStatistics.Accumulate(rows, labels, Classes);
        var parts = Enumerable.Range(0, Folds).Select(fold => DenseStatistics.Accumulate(RandomRows.Pick(rows, In(folds, fold)), RandomRows.Pick(labels, In(folds, fold)), Classes)).ToArray();
        var evidence = new FoldEvidence(layout, TotalsOf(whole), parts.Select(TotalsOf));
        var sums = new FoldGrid(new DenseFoldTables(layout, whole.Counts, [.. parts.Select(part => part.Counts)]), evidence, settings).Score(rows, labels, folds, CancellationToken.None);
        Assert.Equal(Rows - whole.ZeroRows, sums.LeftOutRows[1]);
        AssertFolds(settings, sums, folds, labels, (fold, _, setting, prior) =>
        {
            var others = Others(folds, fold);
            var without = DenseStatistics.Accumulate(RandomRows.Pick(rows, others), RandomRows.Pick(labels, others), Classes);
            var solution = new ExplicitSolution(layout, TotalsOf(without), setting);
            var weights = solution.AllDouble(without.Counts);
            var bias = prior.IsUniform ? new double[Classes] : solution.BiasDouble();
            return (m, c) =>
            {
                var values = Enumerable.Range(0, Inputs).Select(j => bytes ? rows.Bytes[m * Inputs + j] : (double)rows.Floats[m * Inputs + j]).ToArray();
                return bias[c] + (values.Sum() == 0 ? 0 : values.Select((x, j) => x / values.Sum() * weights[j * Classes + c]).Sum());
            };
        });

        var expected = new DenseLeaveOneOut(layout, whole.Counts, TotalsOf(whole), Ks, Alphas, .5).Score(rows, labels, CancellationToken.None);
        AssertLeftOut(settings, sums, expected, group: 0);
    }

    [Fact]
    public void Counts_beyond_what_logarithms_are_kept_of_score_alike()
    {
        const int Count = 70_000; // of one code each
        var rows = new BlockRows(RowLayout.OfBlocks([("test", 2, 3)]), Count);
        var labels = Enumerable.Range(0, Count).Select(m => m % 50 == 0 ? 1 : 0).ToArray();
        var whole = BlockStatistics.Accumulate(rows, labels, 2);
        var none = BlockStatistics.Accumulate(new BlockRows(rows.Layout, 0), [], 2);
        var tables = new BlockFoldTables(rows.Layout, 2, 2);
        tables.Add(whole.Counts, [none.Counts, whole.Counts]);
        var evidence = new FoldEvidence(rows.Layout, TotalsOf(whole), [TotalsOf(none), TotalsOf(whole)]);
        var sums = new FoldGrid(tables.Complete(), evidence, new GridSettings([[0]], [new(false, 0)], [.1], [2])).Score(rows, labels, new int[Count], CancellationToken.None);
        var expected = new BlockLeaveOneOut(rows.Layout, whole.Counts, TotalsOf(whole), [2], [.1], 0).Score(rows, labels, CancellationToken.None);
        Assert.True(whole.Counts.Counts.Max() > 1 << 16);
        Assert.Equal(expected.CrossEntropy(0, 0), ExactSum.Mean(sums.LeftOutLoss[0], Count), 1e-12);
        // Fold 0 has no row in the counts: what is left without it is all there is.
        Assert.Equal(expected.CrossEntropy(0, 0), ExactSum.Mean(sums.FoldLoss[0], Count), 1e-4);
    }

    [Fact]
    public void A_code_that_no_layout_knows_and_an_alpha_of_zero_are_refused()
    {
        var rows = RandomRows.Blocks(new Random(5), 20, 2, 3);
        var labels = RandomRows.Labels(new Random(6), 20, 2);
        var whole = BlockStatistics.Accumulate(rows, labels, 2);
        var tables = new BlockFoldTables(rows.Layout, 2, 1);
        tables.Add(whole.Counts, [whole.Counts]);
        var evidence = new FoldEvidence(rows.Layout, TotalsOf(whole), [TotalsOf(whole)]);
        Assert.Throws<ArgumentException>(() => new FoldGrid(tables.Complete(), evidence, new GridSettings([[0]], [new(true, 0)], [0, 1], [1])));
        var grid = new FoldGrid(tables, evidence, new GridSettings([[0]], [new(true, 0)], [1], [1]));
        rows.Block(1)[3] = 3;
        Assert.Throws<ArgumentException>(() => grid.Score(rows, labels, new int[20], CancellationToken.None));
    }

    private static void AssertFolds(GridSettings settings, GridSums sums, int[] folds, int[] labels, Func<int, int, SolveSettings, PriorSetting, Func<int, int, double>> scoresOf)
    {
        for (var fold = 0; fold < Folds; fold++)
        {
            var rows = In(folds, fold);
            Assert.Equal(rows.Length, sums.FoldRows[fold]);
            for (var group = 0; group < settings.Groups.Count; group++)
            {
                for (var (prior, alpha, k) = (0, 0, 0); prior < Priors.Length; (prior, alpha, k) = k + 1 < Ks.Length ? (prior, alpha, k + 1) : alpha + 4 < Alphas.Length ? (prior, alpha + 4, 0) : (prior + 1, 0, 0))
                {
                    var score = scoresOf(fold, group, new SolveSettings(Ks[k], Alphas[alpha], Priors[prior].Beta), Priors[prior]);
                    var evaluation = new Evaluation(Classes);
                    foreach (var m in rows)
                        evaluation.Add([.. Enumerable.Range(0, Classes).Select(c => score(m, c))], [labels[m]]);
                    var at = fold * settings.Count + settings.IndexOf(group, prior, alpha, k);
                    Assert.Equal(evaluation.CrossEntropy, ExactSum.Mean(sums.FoldLoss[at], rows.Length), 1e-11);
                    Assert.Equal(evaluation.Accuracy, (double)sums.FoldCorrect[at] / rows.Length, 1e-9);
                }
            }
        }
    }

    private static void AssertLeftOut(GridSettings settings, GridSums sums, GridLoss expected, int group)
    {
        const int Prior = 1; // beta 0.5
        Assert.Equal(expected.Rows, sums.LeftOutRows[Prior]);
        for (var alpha = 0; alpha < Alphas.Length; alpha++)
        {
            for (var k = 0; k < Ks.Length; k++)
                Assert.Equal(expected.CrossEntropy(alpha, k), ExactSum.Mean(sums.LeftOutLoss[settings.IndexOf(group, Prior, alpha, k)], expected.Rows), 1e-11);
        }
    }

    private static BlockRows BlocksOfTwoMaps(Random random, int count)
    {
        var rows = new BlockRows(RowLayout.OfBlocks([("one", 11, 5), ("two", 4, 30)]), count);
        for (var block = 0; block < rows.Layout.Blocks; block++)
        {
            foreach (ref var code in rows.Block(block))
                code = (ushort)random.Next(rows.Layout.BlockSize(block));
        }
        return rows;
    }

    /// <summary>The blocks of some maps as rows of their own.</summary>
    private static (BlockRows, RowLayout) GroupOf(BlockRows rows, int[] maps)
    {
        var layout = RowLayout.OfBlocks(maps.Select(map => rows.Layout.Maps[map]).Select(map => (map.Name, map.Blocks, map.Inputs / map.Blocks)));
        var group = new BlockRows(layout, rows.Count);
        var at = 0;
        foreach (var map in maps.Select(map => rows.Layout.Maps[map]))
        {
            for (var block = 0; block < map.Blocks; block++)
                rows.Block(map.FirstBlock + block).CopyTo(group.Block(at++));
        }
        return (group, layout);
    }

    private static int[] In(int[] folds, int fold) => [.. Enumerable.Range(0, folds.Length).Where(m => folds[m] == fold)];

    private static int[] Others(int[] folds, int fold) => [.. Enumerable.Range(0, folds.Length).Where(m => folds[m] != fold)];

    private static ClassTotals TotalsOf(SufficientStatistics statistics) => new(statistics.ClassRows, statistics.ClassMass);
}
