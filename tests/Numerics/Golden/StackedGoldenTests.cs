using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Golden;

/// <summary>The verified case of a stacked layer, on the path that the product takes: raw values are the codes of the layer below.</summary>
public class StackedGoldenTests
{
    private const double Tolerance = 1e-9;

    private readonly GoldenCase _golden = GoldenCase.Named("stacked-triples");

    private int Classes => _golden.Integer("C");

    [Fact]
    public void Triples_of_windows_give_the_golden_codes_choice_and_test_probabilities()
    {
        var random = new SplitMix64(1);
        Assert.Equal(_golden.Texts("stream"), Enumerable.Range(0, 4).Select(_ => $"{random.Next()}"));
        var side = _golden.Integer("grid_side");
        var windows = new WindowGrid((side, side), (_golden.Integer("window"), _golden.Integer("window")), _golden.Integer("stride"));
        var tuples = WindowTuples.Draw(windows.Count, 3, _golden.Integer("count"), (ulong)_golden.Integer("seed"));
        AssertEqual(_golden.Matrix("triples"), (i, j) => tuples[i][j]);

        var labels = _golden.Integers("y");
        var (below, train, test) = (Below(side), Raw("codes"), Raw("test_codes"));
        var first = BlockStatistics.Accumulate(below.EncodeBlocks(train), labels, Classes);
        var scores = new WindowScores(below.Layout, windows, first.Counts, new ClassTotals(first.ClassRows, first.ClassMass), _golden.Number("alpha"));
        var classes = new RowEncoder([new WindowClassMap(below, windows, null, LayerTargets.OfClasses(Classes), scores)], train.Shape);
        AssertCodes("z", classes.EncodeBlocks(train, labels, null));
        AssertCodes("test_z", classes.EncodeBlocks(test));

        var encoder = new RowEncoder([new WindowClassMap(below, windows, tuples, LayerTargets.OfClasses(Classes), scores)], train.Shape);
        var rows = encoder.EncodeBlocks(train, labels, null);
        AssertCodes("triple_codes", rows);
        var second = BlockStatistics.Accumulate(rows, labels, Classes);
        var totals = new ClassTotals(second.ClassRows, second.ClassMass);
        var alpha = _golden.Number("alpha2");
        var grid = new BlockLeaveOneOut(encoder.Layout, second.Counts, totals, [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64], [alpha], beta: 0)
            .Score(rows, labels, CancellationToken.None);
        var (k, _) = grid.Choose();
        Assert.Equal(_golden.Number("chosen_K"), k);
        Assert.Equal(_golden.Number("loo_ce"), grid.Losses.Select((_, i) => grid.CrossEntropy(0, i)).Min(), Tolerance);
        AssertProbabilities(encoder.EncodeBlocks(test), new ExplicitSolution(encoder.Layout, totals, new SolveSettings(k, alpha, Beta: 0)), second.Counts);
    }

    private void AssertProbabilities(BlockRows rows, ExplicitSolution solution, CountTable counts)
    {
        var expected = _golden.Matrix("test_logp");
        var (weights, bias) = (solution.AllDouble(counts), solution.BiasDouble());
        for (var m = 0; m < rows.Count; m++)
        {
            var scores = (double[])bias.Clone();
            for (var block = 0; block < rows.Layout.Blocks; block++)
            {
                for (var c = 0; c < Classes; c++)
                    scores[c] += weights[(rows.Layout.BlockStart(block) + rows.Block(block)[m]) * Classes + c];
            }
            var log = Softmax.Probabilities(scores, new double[Classes]);
            for (var c = 0; c < Classes; c++)
                Assert.Equal(expected[m, c], scores[c] - log, Tolerance);
        }
    }

    /// <summary>Values 0, 1, .. as codes 0, 1, ...</summary>
    private RowEncoder Below(int side) =>
        new([new BinsMap([.. Enumerable.Range(1, _golden.Integer("B") - 1).Select(level => (double)level)])], RowShape.Image(side, side));

    private RawRows Raw(string key)
    {
        var codes = _golden.Matrix(key);
        var (blocks, rows, side) = (codes.GetLength(0), codes.GetLength(1), _golden.Integer("grid_side"));
        var values = new byte[rows * blocks];
        for (var i = 0; i < values.Length; i++)
            values[i] = (byte)codes[i % blocks, i / blocks];
        return new RawRows(RowShape.Image(side, side), rows, values);
    }

    private void AssertCodes(string key, BlockRows rows) => AssertEqual(_golden.Matrix(key), (block, row) => rows.Block(block)[row]);

    private static void AssertEqual(double[,] expected, Func<int, int, double> seen)
    {
        for (var i = 0; i < expected.GetLength(0); i++)
        {
            for (var j = 0; j < expected.GetLength(1); j++)
                Assert.Equal(expected[i, j], seen(i, j));
        }
    }
}
