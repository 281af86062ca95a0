using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Solution;

public class ExplicitSolutionTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void The_fixed_point_path_equals_quantise_then_twin_exactly(bool bytes)
    {
        const int Count = 40, Inputs = 23, Classes = 4;
        var random = new Random(5);
        var rows = bytes ? RandomRows.Bytes(random, Count, Inputs) : RandomRows.Floats(random, Count, Inputs);
        var labels = RandomRows.Labels(random, Count, Classes);
        var statistics = DenseStatistics.Accumulate(rows, labels, Classes);
        var layout = RowLayout.Dense([("test", Inputs)]);
        var settings = new SolveSettings(7, .013, .5);
        var solution = new ExplicitSolution(layout, new ClassTotals(statistics.ClassRows, statistics.ClassMass), settings);
        var weights = solution.SolveDouble(statistics.Counts);
        var bias = solution.BiasDouble();

        var f = QuantisedCounts(rows, labels, Classes);
        var u = ExplicitSolution.SolvePlain(f, settings);
        for (var i = 0; i < statistics.Counts.Seen.Length; i++)
        {
            var j = statistics.Counts.Seen[i];
            for (var c = 0; c < Classes; c++)
            {
                Assert.Equal(f[j, c], (double)statistics.Counts.Row(i)[c] / FixedPoint.One); // exactly
                Assert.Equal(settings.K * (u[j, c] - bias[c] / settings.K), weights[i * Classes + c], 1e-12);
            }
        }
        AssertExactWithoutPrior(statistics, f, settings, weights);
    }

    [Fact]
    public void A_zero_count_with_alpha_0_is_refused_and_names_the_option()
    {
        var solution = new ExplicitSolution(RowLayout.Dense([("test", 2)]), new ClassTotals([1, 1], [5, 5]), new SolveSettings(1, 0, 0));
        var error = Assert.Throws<SolveException>(() => solution.Solve(new CountTable(2, 2, [0, 1], [5, 0, 0, 5])));
        Assert.Contains("solve.alpha", error.Remedy);
        Assert.Contains("input 0 has the count 0 in class 1", error.Message);
    }

    [Fact]
    public void A_class_without_evidence_needs_beta()
    {
        var layout = RowLayout.Dense([("test", 2)]);
        var totals = new ClassTotals([1, 0], [5, 0]);
        Assert.Contains("solve.beta", Assert.Throws<SolveException>(() => new ExplicitSolution(layout, totals, new SolveSettings(1, .1, 0))).Remedy);
        Assert.All(new ExplicitSolution(layout, totals, new SolveSettings(1, .1, .5)).Bias(), bias => Assert.True(float.IsFinite(bias)));
    }

    [Fact]
    public void With_one_block_the_solution_is_the_empirical_conditional_distribution()
    {
        var layout = RowLayout.OfBlocks([("test", 1, 3)]);
        var statistics = new CountTable(3, 2, [0, 1, 2], [3, 1, 2, 2, 1, 5]);
        var solution = new ExplicitSolution(layout, new ClassTotals([6, 8], [6, 8]), new SolveSettings(1, 0, 0));
        var (weights, bias) = (solution.SolveDouble(statistics), solution.BiasDouble());
        for (var code = 0; code < 3; code++)
        {
            var (a, b) = (Math.Exp(weights[code * 2] + bias[0]), Math.Exp(weights[code * 2 + 1] + bias[1]));
            Assert.Equal((double)statistics.Row(code)[0] / (statistics.Row(code)[0] + statistics.Row(code)[1]), a / (a + b), 1e-14);
        }
    }

    private static double[,] QuantisedCounts(DenseRows rows, int[] labels, int classes)
    {
        var f = new double[rows.Inputs, classes];
        for (var m = 0; m < rows.Count; m++)
        {
            var norm = 0.0;
            for (var j = 0; j < rows.Inputs; j++)
                norm += Value(rows, m, j);
            if (norm == 0)
                continue;
            for (var j = 0; j < rows.Inputs; j++)
                f[j, labels[m]] += (double)FixedPoint.Quantise((float)Value(rows, m, j), FixedPoint.ScaleOf(norm)) / FixedPoint.One;
        }
        return f;
    }

    /// <summary>Without the prior, which the twin adds to U and the product keeps in the bias, weights are K U to the last bit.</summary>
    private static void AssertExactWithoutPrior(SufficientStatistics statistics, double[,] f, SolveSettings settings, double[] weights)
    {
        var (inputs, classes) = (f.GetLength(0), f.GetLength(1));
        for (var c = 0; c < classes; c++)
        {
            var total = 0.0;
            for (var j = 0; j < inputs; j++)
                total += f[j, c];
            var normaliser = Numerics.Elementary.SameBits.Log(total + settings.Alpha * inputs);
            for (var i = 0; i < statistics.Counts.Seen.Length; i++)
            {
                var log = Numerics.Elementary.SameBits.Log(f[statistics.Counts.Seen[i], c] + settings.Alpha);
                Assert.Equal(settings.K * (log - normaliser), weights[i * classes + c]);
            }
        }
    }

    private static double Value(DenseRows rows, int m, int j) => rows.IsBytes ? rows.Bytes[m * rows.Inputs + j] : rows.Floats[m * rows.Inputs + j];
}
