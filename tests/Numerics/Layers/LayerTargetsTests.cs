using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Layers;

public class LayerTargetsTests
{
    private const int Side = 6;
    private const int Classes = 5;
    private const int Count = 60;
    private const int Bits = 4;

    private readonly int[] _labels = RandomRows.Labels(new Random(3), Count, Classes);
    private readonly RawRows _rows = Raw();
    private readonly int[] _codes = LabelCodes.Draw(Classes, Bits, 1);

    [Theory, InlineData(1, 1), InlineData(2, 1), InlineData(3, 2), InlineData(10, 4), InlineData(16, 4), InlineData(10, 16), InlineData(257, 9)]
    public void Codes_differ_and_every_bit_is_set_for_half_of_the_classes(int classes, int bits)
    {
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            var codes = LabelCodes.Draw(classes, bits, seed);
            Assert.Equal(classes, codes.Distinct().Count());
            Assert.All(codes, code => Assert.InRange(code, 0, (1 << bits) - 1));
            for (var bit = 0; bit < bits; bit++)
                Assert.Equal((classes + 1) / 2, codes.Count(code => ((code >> bit) & 1) == 1));
        }
        Assert.Equal(LabelCodes.Draw(classes, bits, 7), LabelCodes.Draw(classes, bits, 7));
    }

    [Fact]
    public void Codes_of_too_few_bits_are_refused_with_the_number_that_is_enough()
    {
        Assert.NotEqual(LabelCodes.Draw(10, 8, 1), LabelCodes.Draw(10, 8, 2));
        var refused = Assert.Throws<FeatureException>(() => LabelCodes.Draw(10, 3, 1));
        Assert.Equal(("codes of 3 bits tell 8 classes apart, and there are 10", "set targets.code to 4 or more"), (refused.Message, refused.Remedy));
    }

    [Fact]
    public void A_layer_of_codes_is_a_layer_of_two_classes_for_every_bit_and_needs_no_counting_of_its_own()
    {
        BlockMap bins = new BinsMap([60, 120, 180]);
        foreach (var below in new[] { new RowEncoder([new ComplementMap()], _rows.Shape), new RowEncoder([bins], _rows.Shape) })
        {
            var windows = new WindowGrid((Side, Side), (3, 2), 1);
            var targets = LayerTargets.OfCodes(_codes, Bits);
            var whole = ScoresOf(below, windows, _labels, Classes, targets);
            foreach (var own in new[] { [], _labels })
            {
                var (sums, weights) = ScoresOf(whole, below, own);
                Plain(whole, below, own, sums);
                for (var bit = 0; bit < Bits; bit++)
                {
                    int[] values = [.. _labels.Select(y => BitOf(y, bit))];
                    var (expected, same) = ScoresOf(ScoresOf(below, windows, values, 2, null), below, own.Length == 0 ? [] : values);
                    Assert.Equal(same, weights);
                    for (var i = 0; i < expected.Length; i++)
                        Assert.Equal(expected[i], sums[i / 2 * 2 * Bits + 2 * bit + i % 2]);
                }
            }
        }
    }

    [Fact]
    public void Activations_of_codes_are_the_best_value_and_the_probabilities_of_every_bit()
    {
        BlockMap bins = new BinsMap([60, 120, 180]);
        var below = new RowEncoder([bins], _rows.Shape);
        var windows = new WindowGrid((Side, Side), (4, 4), 2);
        var targets = LayerTargets.OfCodes(_codes, Bits);
        var scores = ScoresOf(below, windows, _labels, Classes, targets);
        var best = new RowEncoder([new WindowClassMap(below, windows, null, targets, scores)], _rows.Shape);
        var soft = new RowEncoder([new SoftmaxMap(below, windows, targets, scores, k: 6, beta: 0.5)], _rows.Shape);
        Assert.Equal((4, 16, 4 * 2 * Bits), (best.Layout.Blocks, best.Layout.BlockSize(0), soft.Layout.Inputs));
        var codes = best.EncodeBlocks(_rows, _labels, null);
        var values = soft.EncodeDense(_rows, _labels).Floats;
        var (sums, weights) = ScoresOf(scores, below, _labels);
        for (var m = 0; m < Count; m++)
        {
            for (var window = 0; window < 4; window++)
            {
                var code = 0;
                for (var bit = 0; bit < Bits; bit++)
                {
                    var at = (m * 4 + window) * 2 * Bits + 2 * bit;
                    code = 2 * code + (sums[at + 1] > sums[at] ? 1 : 0);
                    double[] n = [.. new[] { 0, 1 }.Select(v => _labels.Where((y, i) => i != m && BitOf(y, bit) == v).Count() + 0.5)];
                    var odds = 6 * (sums[at + 1] - sums[at]) / (WindowScores.One * weights[m * 4 + window]) + Math.Log(n[1] / n[0]);
                    Assert.Equal(1 / (1 + Math.Exp(-odds)), values[m * 4 * 2 * Bits + (2 * bit + 1) * 4 + window], 1e-6);
                    Assert.Equal(1 / (1 + Math.Exp(odds)), values[m * 4 * 2 * Bits + 2 * bit * 4 + window], 1e-6);
                }
                Assert.Equal(code, codes.Block(window)[m]);
            }
        }
        Assert.NotEqual(best.EncodeBlocks(_rows).Codes.ToArray(), codes.Codes.ToArray());
    }

    private int BitOf(int y, int bit) => (_codes[y] >> (Bits - 1 - bit)) & 1;

    private ILayerScores ScoresOf(RowEncoder below, WindowGrid windows, int[] labels, int classes, LayerTargets? targets)
    {
        var isDense = below.Layout.Kind == EncodingKind.Dense;
        var statistics = isDense ? DenseStatistics.Accumulate(below.EncodeDense(_rows), labels, classes) : BlockStatistics.Accumulate(below.EncodeBlocks(_rows), labels, classes);
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        return isDense
            ? new DenseWindowScores(below.Layout, windows, statistics.Counts, totals, 0.01, targets)
            : new WindowScores(below.Layout, windows, statistics.Counts, totals, 0.01, targets);
    }

    private (long[] Sums, long[] Weights) ScoresOf(ILayerScores scores, RowEncoder below, int[] own)
    {
        var (sums, weights) = (new long[Count * scores.Windows * scores.Targets.Columns], new long[Count * scores.Windows]);
        Assert.Equal(own, scores.Score(below, _rows, own, sums, weights));
        return (sums, weights);
    }

    /// <summary>Both plain forms know of columns.</summary>
    private void Plain(ILayerScores scores, RowEncoder below, int[] own, long[] sums)
    {
        var plain = new long[sums.Length];
        if (scores is WindowScores blocks)
            blocks.ScorePlain(below.EncodeBlocks(_rows), own, 0, Count, plain);
        for (var (i, columns) = (0, scores.Targets.Columns); scores is DenseWindowScores dense && i < sums.Length; i++)
            plain[i] = dense.ScorePlain(below.EncodeDense(_rows), i / columns / scores.Windows, own.Length == 0 ? -1 : own[i / columns / scores.Windows], i / columns % scores.Windows, i % columns);
        Assert.Equal(plain, sums);
    }

    private static RawRows Raw()
    {
        var values = new byte[Count * Side * Side];
        new Random(7).NextBytes(values);
        return new RawRows(RowShape.Image(Side, Side), Count, values);
    }
}
