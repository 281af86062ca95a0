using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Selection;

public class SparseHeldOutTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_kernel_agrees_with_its_plain_twin_and_parts_add_up(bool keepsNorms, bool isWeighted)
    {
        const int Classes = 6;
        var random = new Random(5);
        var (rows, held) = (RandomRows.Sparse(random, 60, 200), RandomRows.Sparse(random, 33, 200));
        var (labels, heldLabels) = (RandomRows.Labels(random, 60, Classes), RandomRows.Labels(random, 33, Classes));
        var statistics = SparseStatistics.Accumulate(rows, SparseScale.Norm, labels, Classes);
        double[] ks = [1, 3, 8];
        double[] alphas = [.01, .3];
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass) { Weights = isWeighted ? [1, 2, .5, 1, 3, 1] : null };
        float[] weights = isWeighted ? [.. heldLabels.Select(label => 1f + label)] : [];
        var heldOut = new SparseHeldOut(rows.Layout, statistics.Counts, totals, ks, alphas, beta: .5) { KeepsNorms = keepsNorms };
        var grid = heldOut.Score(held, heldLabels, weights, CancellationToken.None);
        Assert.Equal(33, grid.Rows);
        for (var a = 0; a < alphas.Length; a++)
        {
            for (var k = 0; k < ks.Length; k++)
            {
                var expected = Enumerable.Range(0, 33).Average(row =>
                    heldOut.LossPlain(held, row, heldLabels[row], ks[k], alphas[a]) * (isWeighted ? weights[row] * totals.Weights![heldLabels[row]] : 1));
                Assert.Equal(expected, grid.CrossEntropy(a, k), 1e-9);
            }
        }
    }
}
