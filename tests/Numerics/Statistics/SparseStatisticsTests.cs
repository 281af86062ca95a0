using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Statistics;

public class SparseStatisticsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(40, 30, 3)]
    [InlineData(200, 500, 17)]
    public void The_kernel_equals_its_plain_twin(int count, int inputs, int classes)
    {
        var random = new Random(count);
        var (rows, labels) = (RandomRows.Sparse(random, count, inputs), RandomRows.Labels(random, count, classes));
        AssertSame(SparseStatistics.AccumulatePlain(rows, labels, classes), SparseStatistics.Accumulate(rows, SparseScale.Norm, labels, classes));
    }

    [Fact]
    public void They_are_those_of_the_same_rows_as_dense_ones()
    {
        var random = new Random(3);
        var (rows, labels) = (RandomRows.Sparse(random, 50, 40), RandomRows.Labels(random, 50, 4));
        var dense = new float[50 * 40];
        for (var row = 0; row < 50; row++)
        {
            for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                dense[row * 40 + rows.Indices[i]] = rows.Values[i];
        }
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(dense).ToArray();
        AssertSame(
            DenseStatistics.AccumulatePlain(new DenseRows(50, 40, isBytes: false, bytes), labels, 4), SparseStatistics.Accumulate(rows, SparseScale.Norm, labels, 4));
    }

    [Fact]
    public void Groups_are_scaled_by_the_number_of_their_features()
    {
        var layout = RowLayout.Sparse([("a", 4), ("b", 3)]);
        var rows = new SparseRows(layout, [0, 5], [0, 1, 2, 3, 6], [1, 1, 1, 1, 1]);
        var statistics = SparseStatistics.Accumulate(rows, SparseScale.ByGroup(0.5), [1], 2);
        Assert.Equal([0, 1 << 19, 0, 1 << 19, 0, 1 << 19, 0, 1 << 19, 0, 1 << 20], statistics.Counts.Counts);
        Assert.Equal([0, 3 << 20], statistics.ClassMass);
    }

    private static void AssertSame(SufficientStatistics expected, SufficientStatistics seen)
    {
        Assert.Equal(expected.Counts.Seen, seen.Counts.Seen);
        Assert.Equal(expected.Counts.Counts, seen.Counts.Counts);
        Assert.Equal(expected.ClassRows, seen.ClassRows);
        Assert.Equal(expected.ClassMass, seen.ClassMass);
        Assert.Equal(expected.ZeroRows, seen.ZeroRows);
    }
}
