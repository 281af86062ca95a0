using System.IO.Hashing;
using CsCheck;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Numerics.Tests.Features;

namespace ExplicitCluster.Numerics.Tests.Layers;

public class SparseWindowScoresTests
{
    private const int Kinds = 3;

    [Theory]
    [InlineData(1, 1, 1, 2, 0)]
    [InlineData(4, 1, 1, 3, 0)]
    [InlineData(4, 2, 2, 17, 0)]
    [InlineData(4, 4, 3, 8, 0)]
    [InlineData(4, 2, 1, 5, 3)]
    [InlineData(1, 1, 2, 9, 4)]
    public void Scores_are_those_of_the_plain_twin_with_and_without_the_row_itself(int groups, int width, int minRows, int classes, int bits)
    {
        var sample = TextLayerSample.Random(classes, groups, minRows, 90, classes);
        Assert.Contains(true, sample.Vanishing);
        var scores = sample.ScoresOf(sample.Windows(width), bits == 0 ? null : LayerTargets.OfCodes(LabelCodes.Draw(classes, bits, 1), bits));
        foreach (var own in new[] { [], sample.Labels })
        {
            var (sums, weights, targets) = sample.Score(scores, own);
            Assert.Equal(own.Select((y, m) => sample.Rows.NormOf(m) == 0 ? -1 : y), targets);
            AssertPlain(sample, scores, targets, sums);
            for (var m = 0; m < sample.Raw.Count; m++)
            {
                var kept = Enumerable.Range(sample.Rows.Starts[m], sample.Rows.Starts[m + 1] - sample.Rows.Starts[m]).Count(i => own.Length == 0 || !sample.Vanishing[sample.Rows.Indices[i]]);
                Assert.Equal(kept > 0, weights.AsSpan(m * scores.Windows, scores.Windows).ContainsAnyExcept(0));
                if (width == sample.Below.Layout.Maps.Count && kept > 0)
                    Assert.InRange(weights[m], FixedPoint.One - kept, FixedPoint.One + kept);
            }
        }
    }

    /// <summary>Equal to the last unit: shares, counts and the number of inputs are all those of a vocabulary and of statistics that never had the row.</summary>
    [Fact]
    public void A_row_left_out_is_a_new_row_under_statistics_and_a_vocabulary_made_without_it() => Gen.Select(Gen.Int[0, 10_000], Gen.Bool, Gen.Int[1, 2]).Sample((seed, isOne, width) =>
    {
        var groups = isOne ? 1 : 4;
        var sample = TextLayerSample.Random(seed, groups, 1, 24, 3);
        var windows = sample.Windows(Math.Min(width, groups));
        var scores = sample.ScoresOf(windows);
        var (sums, weights, _) = sample.Score(scores, sample.Labels);
        var probabilities = Probabilities(sample.Below, scores).EncodeDense(sample.Raw, sample.Labels).Floats;
        var size = windows.Count * sample.Classes;
        for (var m = 0; m < sample.Raw.Count; m++)
        {
            var others = sample.Without(m, 1);
            var never = others.ScoresOf(windows);
            var (expected, weightsOf, row) = (new long[size], new long[windows.Count], sample.Raw.Slice(m, 1));
            never.Score(others.Below, row, [], expected, weightsOf);
            Assert.Equal(expected, sums.AsSpan(m * size, size).ToArray());
            Assert.Equal(weightsOf, weights.AsSpan(m * windows.Count, windows.Count).ToArray());
            var p = Probabilities(others.Below, never).EncodeDense(row).Floats;
            for (var i = 0; i < size; i++)
                Assert.Equal(p[i], probabilities[m * size + i], 1e-5);
        }

        RowEncoder Probabilities(RowEncoder below, ILayerScores scores) =>
            new([new SoftmaxMap(below, windows, scores.Targets, scores, k: 3, beta: 1)], RowShape.Texts);
    }, iter: 12);

    [Fact]
    public void Scores_are_those_of_their_definition_in_real_numbers()
    {
        var sample = TextLayerSample.Random(4, 4, 2, 80, 3);
        var scores = sample.ScoresOf(sample.Windows(2));
        var (layout, values) = (sample.Below.Layout, TextRows.Matrix(sample.Rows, _ => 1));
        foreach (var own in new[] { [], sample.Labels })
        {
            var (sums, weights, _) = sample.Score(scores, own);
            for (var i = 0; i < sums.Length; i++)
            {
                if (weights[i / 3] > 0)
                    Assert.Equal(MeanOf(i / 3 / scores.Windows, i / 3 % scores.Windows, i % 3, own.Length > 0), sums[i] / (WindowScores.One * weights[i / 3]), 1e-4);
            }
        }

        double MeanOf(int m, int window, int c, bool isLeftOut)
        {
            var (first, end) = (layout.Maps[window].FirstInput, layout.Maps[window + 1].FirstInput + layout.Maps[window + 1].Inputs);
            int[] others = [.. Enumerable.Range(0, sample.Rows.Count).Where(i => sample.Labels[i] == c && sample.Rows.NormOf(i) > 0 && !(isLeftOut && i == m))];
            int[] kept = [.. Enumerable.Range(first, end - first).Where(j => !(isLeftOut && sample.Vanishing[j] && values[m, j] > 0))];
            var mass = others.Sum(i => Enumerable.Range(first, end - first).Sum(j => ShareOf(i, j))) + TextLayerSample.Alpha * kept.Length;
            var sum = kept.Sum(j => values[m, j] == 0 ? 0 : ShareOf(m, j) * (Math.Log(others.Sum(i => ShareOf(i, j)) + TextLayerSample.Alpha) - Math.Log(mass)));
            return sum / kept.Sum(j => ShareOf(m, j));
        }

        double ShareOf(int m, int j) => values[m, j] / sample.Rows.NormOf(m);
    }

    [Fact]
    public void Sub_classes_of_texts_are_found_as_their_definition_says_and_rows_left_out_of_theirs()
    {
        var sample = TextLayerSample.Random(8, 4, 2, 120, 2);
        var whole = WindowGrid.Whole(sample.Below.Layout);
        var passes = new List<ILayerScores>();
        int[] expected = [.. sample.Labels.Select((y, m) => y * Kinds + (int)(XxHash3.HashToUInt64(sample.Raw.Row(m), 5) % Kinds))];
        for (var pass = 0; pass < 3; pass++)
        {
            Assert.Equal(expected, new Subclasses(Kinds, 5, [.. passes]).Of(sample.Raw, sample.Rows, sample.Labels));
            var table = sample.ScoresOf(whole, expected, 2 * Kinds, null, null);
            passes.Add(table);
            expected = [.. expected.Select((s, m) => sample.Rows.NormOf(m) == 0
                ? sample.Labels[m] * Kinds
                : Enumerable.Range(sample.Labels[m] * Kinds, Kinds).MaxBy(c => table.ScorePlain(sample.Rows, m, s, 0, c)))];
        }
        var scores = sample.ScoresOf(sample.Windows(1), expected, 2 * Kinds, null, new Subclasses(Kinds, 5, [.. passes]));
        var (sums, _, targets) = sample.Score(scores, sample.Labels);
        Assert.Equal(expected.Select((s, m) => sample.Rows.NormOf(m) == 0 ? -1 : s), targets);
        Assert.True(targets.Distinct().Count() > 4);
        AssertPlain(sample, scores, targets, sums);
    }

    [Fact]
    public void Best_classes_and_probabilities_stand_on_texts_of_several_tiles()
    {
        var sample = TextLayerSample.Random(9, 4, 2, 600, 4);
        var windows = sample.Windows(1);
        var scores = sample.ScoresOf(windows);
        var (sums, weights, _) = sample.Score(scores, sample.Labels);
        var best = new RowEncoder([new WindowClassMap(sample.Below, windows, null, scores.Targets, scores)], RowShape.Texts).EncodeBlocks(sample.Raw, sample.Labels, null);
        var soft = new RowEncoder([new SoftmaxMap(sample.Below, windows, scores.Targets, scores, k: 2, beta: 0)], RowShape.Texts).EncodeDense(sample.Raw, sample.Labels);
        for (var m = 0; m < sample.Raw.Count; m++)
        {
            for (var window = 0; window < 4; window++)
            {
                var at = m * 4 + window;
                Assert.Equal(Enumerable.Range(0, 4).MaxBy(c => sums[at * 4 + c]), best.Block(window)[m]);
                double[] prior = [.. Enumerable.Range(0, 4).Select(c => (double)sample.Labels.Where((y, i) => y == c && i != m && sample.Rows.NormOf(i) > 0).Count())];
                double[] exponentials = [.. prior.Select((n, c) => n * (weights[at] == 0 ? 1 : Math.Exp(2 * sums[at * 4 + c] / (WindowScores.One * weights[at]))))];
                for (var c = 0; c < 4; c++)
                    Assert.Equal(exponentials[c] / exponentials.Sum(), soft.Floats[m * 16 + c * 4 + window], 1e-4);
            }
        }
    }

    [Fact]
    public void What_cannot_be_is_refused_with_its_numbers()
    {
        var layout = RowLayout.Sparse([("words", 3), ("chars", 2)]);
        var (counts, totals) = (new CountTable(5, 2, [0], [1, 1]), new ClassTotals([1, 1], [1, 1]));
        Assert.Throws<SolveException>(() => new SparseWindowScores(layout, WindowGrid.Whole(layout), counts, totals, 0));
        Assert.Equal(
            "a layer of texts holds logs of counts up to 64 nats, and with alpha 1E-40 one is -92.1",
            Assert.Throws<SolveException>(() => new SparseWindowScores(layout, WindowGrid.Whole(layout), counts, totals, 1e-40)).Message);
        Assert.Throws<ArgumentException>(() => new SparseWindowScores(layout, new WindowGrid((5, 1), (1, 1), 1), counts, totals, 1));
        Assert.Throws<ArgumentException>(() => new SparseWindowScores(layout, WindowGrid.Whole(layout), new CountTable(4, 2, [0], [1, 1]), totals, 1));
    }

    private static void AssertPlain(TextLayerSample sample, SparseWindowScores scores, int[] targets, long[] sums)
    {
        var columns = scores.Targets.Columns;
        for (var i = 0; i < sums.Length; i++)
        {
            var m = i / columns / scores.Windows;
            Assert.Equal(scores.ScorePlain(sample.Rows, m, targets.Length == 0 ? -1 : targets[m], i / columns % scores.Windows, i % columns), sums[i]);
        }
    }
}
