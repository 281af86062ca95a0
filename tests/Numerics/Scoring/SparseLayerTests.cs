using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Scoring;

namespace ExplicitCluster.Numerics.Tests.Scoring;

public class SparseLayerTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(8, false)]
    [InlineData(21, false)]
    [InlineData(1, true)]
    [InlineData(21, true)]
    public void The_kernel_equals_its_plain_twin(int classes, bool byGroup)
    {
        var random = new Random(classes);
        var rows = RandomRows.Sparse(random, 30, 60);
        float[] weights = [.. Enumerable.Range(0, 60 * classes).Select(_ => random.NextSingle() - .5f)];
        float[] bias = [.. Enumerable.Range(0, classes).Select(_ => random.NextSingle())];
        var layer = new SparseLayer(rows.Layout, byGroup ? SparseScale.ByGroup(.75) : SparseScale.Norm, bias, weights);
        var (fast, plain) = (new double[29 * classes], new double[29 * classes]);
        layer.Score(rows, 1, 29, fast);
        layer.ScorePlain(rows, 1, 29, plain);
        Assert.Equal(plain, fast);
    }
}
