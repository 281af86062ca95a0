using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Layers;

public class LayerMapTests
{
    private const int Side = 6;
    private const int Classes = 3;

    private readonly int[] _labels = RandomRows.Labels(new Random(3), 50, Classes);
    private readonly RawRows _rows = Raw(50);

    [Theory, InlineData(3, 2, 1), InlineData(6, 6, 1), InlineData(4, 4, 2)]
    public void Windows_of_dense_rows_score_as_their_definition_says(int width, int height, int stride)
    {
        var below = new RowEncoder([new ComplementMap()], _rows.Shape);
        var (statistics, totals) = Count(below);
        var windows = new WindowGrid((Side, Side), (width, height), stride);
        var scores = new DenseWindowScores(below.Layout, windows, statistics.Counts, totals, 0.01);
        var dense = below.EncodeDense(_rows);
        foreach (var own in new[] { [], _labels })
        {
            var (sums, weights) = (new long[50 * windows.Count * Classes], new long[50 * windows.Count]);
            scores.Score(below, _rows, own, sums, weights);
            for (var i = 0; i < sums.Length; i++)
            {
                var (m, window, c) = (i / Classes / windows.Count, i / Classes % windows.Count, i % Classes);
                Assert.Equal(scores.ScorePlain(dense, m, own.Length == 0 ? -1 : own[m], window, c), sums[i]);
            }
        }
    }

    [Fact]
    public void Probabilities_of_one_window_are_those_of_leave_one_out()
    {
        BlockMap bins = new BinsMap([60, 120, 180]);
        foreach (var below in new[] { new RowEncoder([new ComplementMap()], _rows.Shape), new RowEncoder([bins], _rows.Shape) })
        {
            var (statistics, totals) = Count(below);
            var whole = WindowGrid.Whole(below.Layout);
            var isDense = below.Layout.Kind == EncodingKind.Dense;
            ILayerScores scores = isDense
                ? new DenseWindowScores(below.Layout, whole, statistics.Counts, totals, 0.01)
                : new WindowScores(below.Layout, whole, statistics.Counts, totals, 0.01);
            var encoder = new RowEncoder([new SoftmaxMap(below, whole, LayerTargets.OfClasses(Classes), scores, k: 5, beta: 0)], _rows.Shape);
            Assert.False(encoder.HasByteValues);
            var seen = encoder.EncodeDense(_rows, _labels).Floats;
            var (means, prior, probabilities) = (new double[50 * Classes], new double[Classes], new double[Classes]);
            var blocks = isDense ? null : new BlockLeaveOneOut(below.Layout, statistics.Counts, totals, [5], [0.01], 0);
            var dense = isDense ? new DenseLeaveOneOut(below.Layout, statistics.Counts, totals, [5], [0.01], 0) : null;
            blocks?.MeanScores(0, below.EncodeBlocks(_rows), _labels, 0, means);
            for (var m = 0; m < 50; m++)
            {
                dense?.MeanScores(0, below.EncodeDense(_rows), m, _labels[m]).CopyTo(means, m * Classes);
                var counts = totals.Evidence(below.Layout);
                counts[_labels[m]] -= 1;
                double[] row = [.. Enumerable.Range(0, Classes).Select(c => 5 * means[m * Classes + c] + Math.Log(counts[c] / counts.Sum()))];
                Softmax.Probabilities(row, probabilities);
                for (var c = 0; c < Classes; c++)
                    Assert.Equal(probabilities[c], seen[m * Classes + c], 1e-5);
            }
            Assert.NotEqual(seen.ToArray(), encoder.EncodeDense(_rows).Floats.ToArray());
        }
    }

    [Fact]
    public void A_row_that_no_window_sees_is_left_out_of_the_prior_and_one_of_norm_0_is_not()
    {
        var shape = RowShape.Image(2, 1);
        var below = new RowEncoder([new PixelMap()], shape);
        var rows = new RawRows(shape, 4, new byte[] { 0, 200, 100, 0, 50, 0, 0, 0 });
        int[] labels = [1, 0, 1, 0];
        var statistics = DenseStatistics.Accumulate(below.EncodeDense(rows), labels, 2);
        var windows = new WindowGrid((2, 1), (1, 1), 2);
        var scores = new DenseWindowScores(below.Layout, windows, statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass), 0.1);
        var seen = new RowEncoder([new SoftmaxMap(below, windows, scores.Targets, scores, k: 1, beta: 0)], shape).EncodeDense(rows, labels).Floats;
        Assert.Equal(1 / 2.0, seen[0], 1e-5);
        Assert.Equal(1 / 3.0, seen[6], 1e-5);
    }

    [Fact]
    public void Layers_stand_on_each_other_and_a_wrong_value_is_named_by_its_own_row()
    {
        var table = RowShape.Table(4);
        var below = new RowEncoder([new BinsMap([1, 2])], table);
        var counts = new CountTable(below.Layout.Inputs, 2, [0, 4], [3, 1, 0, 2]);
        var scores = new WindowScores(below.Layout, WindowGrid.Whole(below.Layout), counts, new ClassTotals([3, 2], [12, 8]), 0.1);
        var probabilities = new RowEncoder([new SoftmaxMap(below, WindowGrid.Whole(below.Layout), LayerTargets.OfClasses(2), scores, 1, 0)], table);
        var above = new DenseWindowScores(
            probabilities.Layout, WindowGrid.Whole(probabilities.Layout), new CountTable(2, 2, [0, 1], [1 << 20, 0, 1 << 19, 3 << 19]), new ClassTotals([2, 2], [3 << 19, 3 << 19]), 0.1);
        var encoder = new RowEncoder([new WindowClassMap(probabilities, WindowGrid.Whole(probabilities.Layout), null, LayerTargets.OfClasses(2), above)], table);
        var values = new float[300 * 4];
        Assert.Equal(1, encoder.EncodeBlocks(Rows(values)).Layout.Blocks);
        values[299 * 4 + 2] = -1;
        Assert.Equal((299, 2), Assert.Throws<InvalidValueException>(() => encoder.EncodeBlocks(Rows(values))) is var wrong ? (wrong.Row, wrong.Column) : default);

        RawRows Rows(float[] floats) => new(table, 300, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(floats).ToArray());
    }

    private (SufficientStatistics Statistics, ClassTotals Totals) Count(RowEncoder encoder)
    {
        var statistics = encoder.Layout.Kind == EncodingKind.Dense
            ? DenseStatistics.Accumulate(encoder.EncodeDense(_rows), _labels, Classes)
            : BlockStatistics.Accumulate(encoder.EncodeBlocks(_rows), _labels, Classes);
        return (statistics, new ClassTotals(statistics.ClassRows, statistics.ClassMass));
    }

    private static RawRows Raw(int count)
    {
        var values = new byte[count * Side * Side];
        new Random(7).NextBytes(values);
        return new RawRows(RowShape.Image(Side, Side), count, values);
    }
}
