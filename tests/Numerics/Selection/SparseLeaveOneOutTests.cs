using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Numerics.Tests.Layers;

namespace ExplicitCluster.Numerics.Tests.Selection;

public class SparseLeaveOneOutTests
{
    private static readonly double[] Ks = [1, 4];
    private static readonly double[] Alphas = [0.01, 0.3];

    [Theory, InlineData(1), InlineData(4)]
    public void Losses_are_those_of_rows_that_neither_statistics_nor_vocabulary_have_seen(int groups)
    {
        var sample = TextLayerSample.Random(5, groups, 1, 45, 3);
        var (counts, totals) = CountsOf(sample);
        var grid = new SparseLeaveOneOut(sample.Below.Layout, counts, totals, Ks, Alphas, 0.5, sample.Vanishing).Score(sample.Rows, sample.Labels, CancellationToken.None);
        var (losses, counted) = (new double[Ks.Length * Alphas.Length], 0);
        for (var m = 0; m < sample.Rows.Count; m++)
        {
            if (sample.Rows.NormOf(m) == 0)
                continue;
            var others = sample.Without(m, 1);
            var (rest, restTotals) = CountsOf(others);
            var heldOut = new SparseHeldOut(others.Below.Layout, rest, restTotals, Ks, Alphas, 0.5);
            var row = others.Below.EncodeSparse(sample.Raw.Slice(m, 1));
            for (var i = 0; i < losses.Length; i++)
                losses[i] += heldOut.LossPlain(row, 0, sample.Labels[m], Ks[i % Ks.Length], Alphas[i / Ks.Length]);
            counted++;
        }
        Assert.Equal(counted, grid.Rows);
        for (var i = 0; i < losses.Length; i++)
            Assert.Equal(losses[i] / counted, grid.CrossEntropy(i / Ks.Length, i % Ks.Length), 1e-4);
    }

    private static (CountTable Counts, ClassTotals Totals) CountsOf(TextLayerSample sample)
    {
        var statistics = SparseStatistics.Accumulate(sample.Rows, SparseScale.Norm, sample.Labels, sample.Classes);
        return (statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass));
    }
}
