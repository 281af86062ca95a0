using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Golden;

/// <summary>The verified cases: dense ones on the float64 twin, block ones on the path that the product takes.</summary>
public class GoldenTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string> DenseNames => GoldenCase.NamesOf("dense");

    public static TheoryData<string> BlockNames => GoldenCase.NamesOf("blocks");

    [Theory, MemberData(nameof(DenseNames))]
    public void The_float64_twin_gives_the_golden_counts_weights_and_probabilities(string name)
    {
        var golden = GoldenCase.Named(name);
        var x = golden.Matrix("x");
        var settings = new SolveSettings(golden.Number("K"), golden.Number("alpha"), golden.Number("beta"));
        var f = ExplicitSolution.CountPlain(x, golden.Matrix("y"));
        AssertClose(golden.Matrix("F"), f);
        var u = ExplicitSolution.SolvePlain(f, settings);
        AssertClose(golden.Matrix("U"), u);
        AssertClose(golden.Matrix("logp"), ExplicitSolution.LogProbabilitiesPlain(x, u, settings.K));
    }

    [Theory, MemberData(nameof(BlockNames))]
    public void The_block_path_gives_the_golden_codes_leave_one_out_scores_and_choice(string name)
    {
        var golden = GoldenCase.Named(name);
        var labels = golden.Integers("y");
        var (rows, layout) = Encode(golden, "pixels");
        AssertCodes(golden.Matrix("codes"), rows);
        var statistics = BlockStatistics.Accumulate(rows, labels, golden.Integer("C"));
        Assert.Equal(golden.Integers("class_counts").Select(count => (long)count), statistics.ClassRows);

        var ks = golden.Vector("grid");
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        var leaveOneOut = new BlockLeaveOneOut(layout, statistics.Counts, totals, ks, [golden.Number("alpha")], beta: 0);
        var scores = new double[rows.Count * golden.Integer("C")];
        leaveOneOut.MeanScores(0, rows, labels, 0, scores);
        AssertClose(golden.Matrix("loo_scores"), scores);
        var prior = new double[rows.Count * golden.Integer("C")];
        for (var m = 0; m < rows.Count; m++)
            leaveOneOut.LogPrior(labels[m], prior.AsSpan(m * golden.Integer("C"), golden.Integer("C")));
        AssertClose(golden.Matrix("loo_log_prior"), prior);

        var grid = leaveOneOut.Score(rows, labels, CancellationToken.None);
        var expected = golden.Vector("loo_ce");
        for (var k = 0; k < ks.Length; k++)
            Assert.Equal(expected[k], grid.CrossEntropy(0, k), Tolerance);
        Assert.Equal(golden.Number("chosen_K"), grid.Choose().K);
    }

    [Theory]
    [InlineData("H", 4, 2, 8, 1, 2, 2)]
    [InlineData("Hv", 4, 2, 8, 2, 1, 2)]
    [InlineData("I", 5, 1, 4, 2, 2, 3)]
    [InlineData("J", 3, 1, 8, 1, 2, 3)]
    public void Cells_have_the_golden_gradients_levels_and_codes(string name, int cell, int stride, int bins, int height, int width, int distance)
    {
        var golden = GoldenCase.Named("cells-8x8");
        var raw = new RawRows(RowShape.Image(8, 8), 1, golden.Matrix("pixels").Cast<double>().Select(value => (byte)value).ToArray());
        var gradients = Enumerable.Range(0, 64).Select(pixel => OrientationMap.GradientPlain(raw, 0, pixel % 8, pixel / 8)).ToList();
        Assert.Equal(golden.Matrix("length").Cast<double>(), gradients.Select(gradient => (double)gradient.Length));
        Assert.Equal(golden.Matrix("direction").Cast<double>(), gradients.Select(gradient => gradient.Length > 0 ? gradient.Direction : -1.0));

        var map = new OrientationMap(new OrientationSettings(cell, stride, bins, Weak: 6, Strong: 24, [(height, width)], distance));
        var levels = golden.Matrix($"levels_{name}");
        Assert.Equal(map.GridOf(raw.Shape), (levels.GetLength(1), levels.GetLength(0)));
        Assert.Equal(levels.Cast<double>(), Enumerable.Range(0, levels.Length).Select(at => (double)map.LevelPlain(raw, 0, at)));
        var rows = new RowEncoder([map], raw.Shape).EncodeBlocks(raw);
        Assert.Equal(golden.Integers($"codes_{name}"), Enumerable.Range(0, rows.Layout.Blocks).Select(block => (int)rows.Block(block)[0]));
    }

    [Theory, MemberData(nameof(BlockNames))]
    public void The_block_solution_gives_the_golden_test_probabilities(string name)
    {
        var golden = GoldenCase.Named(name);
        var (rows, layout) = Encode(golden, "pixels");
        var statistics = BlockStatistics.Accumulate(rows, golden.Integers("y"), golden.Integer("C"));
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        var settings = new SolveSettings(golden.Number("chosen_K"), golden.Number("alpha"), Beta: 0);
        var solution = new ExplicitSolution(layout, totals, settings);
        var (test, _) = Encode(golden, "test_pixels");
        AssertCodes(golden.Matrix("test_codes"), test);

        var expected = golden.Matrix("test_logp");
        var classes = golden.Integer("C");
        var (weights, bias) = (solution.SolveDouble(statistics.Counts), solution.BiasDouble());
        for (var m = 0; m < test.Count; m++)
        {
            var scores = (double[])bias.Clone();
            for (var block = 0; block < layout.Blocks; block++)
            {
                var row = Array.BinarySearch(statistics.Counts.Seen, layout.BlockStart(block) + test.Block(block)[m]);
                var added = row >= 0 ? weights.AsSpan(row * classes, classes) : solution.UnseenDouble(block);
                for (var c = 0; c < classes; c++)
                    scores[c] += added[c];
            }
            var log = Softmax.Probabilities(scores, new double[classes]);
            for (var c = 0; c < classes; c++)
                Assert.Equal(expected[m, c], scores[c] - log, Tolerance);
        }
    }

    private static (BlockRows Rows, RowLayout Layout) Encode(GoldenCase golden, string key)
    {
        var pixels = golden.Matrix(key);
        var side = golden.Integer("side");
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)pixels[i / (side * side), i % (side * side)];
        var shape = RowShape.Image(side, side);
        var map = new PatchMap(golden.Integer("size"), golden.Integer("size"), golden.Vector("edges"), golden.Integer("stride"));
        var encoder = new RowEncoder([map], shape);
        return (encoder.EncodeBlocks(new RawRows(shape, pixels.GetLength(0), bytes)), encoder.Layout);
    }

    private static void AssertCodes(double[,] expected, BlockRows rows)
    {
        for (var block = 0; block < expected.GetLength(0); block++)
        {
            for (var m = 0; m < expected.GetLength(1); m++)
                Assert.Equal(expected[block, m], rows.Block(block)[m]);
        }
    }

    private static void AssertClose(double[,] expected, double[,] seen) => AssertClose(expected, MemoryMarshal.CreateReadOnlySpan(ref seen[0, 0], seen.Length));

    private static void AssertClose(double[,] expected, ReadOnlySpan<double> seen)
    {
        Assert.Equal(expected.Length, seen.Length);
        for (var i = 0; i < seen.Length; i++)
        {
            var value = expected[i / expected.GetLength(1), i % expected.GetLength(1)];
            if (double.IsInfinity(value))
                Assert.Equal(value, seen[i]);
            else
                Assert.True(Math.Abs(value - seen[i]) <= Tolerance * Math.Max(1, Math.Abs(value)), $"cell {i} is {seen[i]}, expected {value}");
        }
    }
}
