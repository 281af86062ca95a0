using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Numerics.Tests.Features;

namespace ExplicitCluster.Numerics.Tests.Golden;

/// <summary>The verified text cases: to 1e-9 on the float64 twins, to the rounding of counts on the path that the product takes.</summary>
public class TextGoldenTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string> GroupNames => GoldenCase.NamesOf("experts-text");

    [Fact]
    public void Words_have_the_golden_vocabulary_counts_and_probabilities()
    {
        var golden = GoldenCase.Named("text-small");
        var classes = golden.Integer("C");
        var settings = new SolveSettings(golden.Number("K"), golden.Number("alpha"), golden.Number("beta"));
        FeatureGroup[] groups = [new WordGroup(1, 1, CountKind.Raw)];
        var vocabulary = TextRows.VocabularyOf(groups, 1, golden.Texts("docs"));
        Assert.Equal(golden.Texts("vocab"), TextRows.FeaturesOf(vocabulary.Groups[0]));
        var (train, test) = (TextRows.Encode(groups, vocabulary, golden.Texts("docs")), TextRows.Encode(groups, vocabulary, golden.Texts("test_docs")));
        var (labels, expected, f) = (golden.Integers("y"), golden.Matrix("logp"), golden.Matrix("F"));

        var targets = new double[labels.Length, classes];
        for (var m = 0; m < labels.Length; m++)
            targets[m, labels[m]] = 1;
        var counts = ExplicitSolution.CountPlain(TextRows.Matrix(train, _ => 1), targets);
        AssertClose(f, counts, Tolerance);
        var logs = ExplicitSolution.LogProbabilitiesPlain(TextRows.Matrix(test, _ => 1), ExplicitSolution.SolvePlain(counts, settings), settings.K);
        for (var m = 0; m < test.Count; m++)
        {
            for (var c = 0; c < classes && test.NormOf(m) > 0; c++)
                Assert.Equal(expected[m, c], logs[m, c], Tolerance);
        }

        var statistics = SparseStatistics.Accumulate(train, SparseScale.Norm, labels, classes);
        AssertClose(f, Numbers(statistics.Counts), 1e-5);
        var solution = new ExplicitSolution(vocabulary.Layout, new ClassTotals(statistics.ClassRows, statistics.ClassMass), settings);
        var layer = new SparseLayer(vocabulary.Layout, SparseScale.Norm, solution.Bias(), solution.Solve(statistics.Counts));
        var scores = new double[test.Count * classes];
        layer.Score(test, 0, test.Count, scores);
        AssertClose(expected, LogProbabilities(scores, classes), 1e-5);
    }

    [Theory, MemberData(nameof(GroupNames))]
    public void Groups_have_the_golden_features_slots_temperatures_and_probabilities(string name)
    {
        var golden = GoldenCase.Named(name);
        var groups = TextRows.FourGroups();
        var vocabulary = TextRows.VocabularyOf(groups, 2, golden.Texts("docs"));
        Assert.Equal(golden.TextLists("vocab"), vocabulary.Groups.Select(TextRows.FeaturesOf));
        var inputs = Enumerable.Range(0, vocabulary.Layout.Inputs).ToList();
        long[] rows = [.. inputs.Select(input => vocabulary.RowsOf(input)!.Value)];
        Assert.Equal(golden.Integers("df").Select(count => (long)count), rows);
        var slots = new FeatureSlots(vocabulary.Layout, rows);
        Assert.Equal(golden.Integers("slots"), inputs.Select(input => slots[input]));
        var scale = SparseScale.ByGroup(golden.Number("rho"));
        var x = TextRows.Matrix(TextRows.Encode(groups, vocabulary, golden.Texts("docs")), scale.OfGroup);
        AssertClose(golden.Matrix("X"), x, Tolerance);

        var plain = new GroupedPlain(x, golden.Integers("y"), golden.Integer("C"), golden.Integers("slots"), slots.Count);
        plain.Train(new GroupedSettings(golden.Number("alpha"), golden.Number("alpha2"), golden.Integer("passes"), golden.Integer("M")));
        AssertClose(golden.Matrix("temperatures"), [.. plain.Temperatures.SelectMany(e => e)], Tolerance);
        AssertClose(golden.Matrix("left_out_scores"), plain.LeftOut, Tolerance);
        var test = TextRows.Matrix(TextRows.Encode(groups, vocabulary, golden.Texts("test_docs")), scale.OfGroup);
        AssertClose(golden.Matrix("test_logp"), LogProbabilities(Scores(test, plain, golden.Integers("y")), golden.Integer("C")), Tolerance);
    }

    private static double[] Scores(double[,] x, GroupedPlain plain, int[] labels)
    {
        var classes = plain.Weights.GetLength(1);
        var scores = new double[x.GetLength(0) * classes];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = SameBits.Log((double)labels.Count(label => label == i % classes) / labels.Length);
            for (var j = 0; j < x.GetLength(1); j++)
                scores[i] += x[i / classes, j] * plain.Weights[j, i % classes];
        }
        return scores;
    }

    private static double[] LogProbabilities(double[] scores, int classes)
    {
        var logs = (double[])scores.Clone();
        for (var at = 0; at < logs.Length; at += classes)
        {
            var log = Softmax.Probabilities(scores.AsSpan(at, classes), new double[classes]);
            foreach (ref var value in logs.AsSpan(at, classes))
                value -= log;
        }
        return logs;
    }

    private static double[] Numbers(CountTable counts) => [.. counts.Counts.Select(count => (double)count / FixedPoint.One)];

    private static void AssertClose(double[,] expected, double[,] seen, double tolerance) => AssertClose(expected, [.. seen.Cast<double>()], tolerance);

    private static void AssertClose(double[,] expected, double[] seen, double tolerance)
    {
        double[] all = [.. expected.Cast<double>()];
        Assert.Equal(all.Length, seen.Length);
        for (var i = 0; i < all.Length; i++)
            Assert.True(Math.Abs(all[i] - seen[i]) <= tolerance * Math.Max(1, Math.Abs(all[i])), $"number {i} is {seen[i]}, expected {all[i]}");
    }
}
