using System.Runtime.InteropServices;
using CsCheck;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Statistics;

public sealed class DenseStatisticsTests
{
    [Fact]
    public void Bytes_of_every_width_give_the_plain_twins_counts()
    {
        var random = new Random(1);
        for (var inputs = 0; inputs <= 256; inputs++)
        {
            var (count, classes) = (random.Next(41), random.Next(1, 21));
            AssertTwins(RandomRows.Bytes(random, count, inputs), RandomRows.Labels(random, count, classes), classes);
        }
    }

    [Fact]
    public void Floats_of_every_width_give_the_plain_twins_counts()
    {
        var random = new Random(2);
        for (var inputs = 0; inputs <= 256; inputs++)
        {
            var (count, classes) = (random.Next(41), random.Next(1, 21));
            AssertTwins(RandomRows.Floats(random, count, inputs), RandomRows.Labels(random, count, classes), classes);
        }
    }

    [Theory]
    [InlineData(5000, 3, 1)]
    [InlineData(2032, 1, 1)]
    [InlineData(2041, 1, 1)]
    [InlineData(3000, 900, 3000)]
    [InlineData(50, 2_500_000, 2)]
    public void Sums_that_must_leave_int32_and_windows_of_classes_are_exact(int count, int inputs, int classes)
    {
        // One value a row puts all 2^20 units into one cell.
        var random = new Random(3);
        var data = new byte[count * inputs];
        for (var row = 0; row < count; row++)
            data[row * inputs + random.Next(Math.Min(inputs, 3))] = 255;
        AssertTwins(new DenseRows(count, inputs, isBytes: true, data), RandomRows.Labels(random, count, classes), classes);
    }

    [Fact]
    public void Products_half_way_between_integers_go_to_the_even_one()
    {
        // Norm 2^21: half a unit for each 1, one and a half for each 3.
        var data = new float[] { 1, 3, 5, (1 << 21) - 9 };
        var rows = new DenseRows(1, 4, isBytes: false, MemoryMarshal.AsBytes<float>(data).ToArray());
        var counts = DenseStatistics.Accumulate(rows, [0], 1).Counts;
        Assert.Equal([1, 2, 3], counts.Seen);
        Assert.Equal([2, 2, (1 << 20) - 4], counts.Counts);
    }

    [Fact]
    public void Rows_of_norm_0_are_counted_and_leave_no_trace()
    {
        var rows = new DenseRows(3, 2, isBytes: true, new byte[] { 0, 0, 1, 1, 0, 0 });
        var statistics = DenseStatistics.Accumulate(rows, [0, 1, 1], 2);
        Assert.Equal(2, statistics.ZeroRows);
        Assert.Equal([0, 1], statistics.ClassRows);
        Assert.Equal([0, 1 << 20], statistics.ClassMass);
    }

    [Theory]
    [InlineData(3e38f)]
    [InlineData(1e-44f)]
    public void Norms_outside_float32_are_an_error(float value)
    {
        var rows = new DenseRows(1, 2, isBytes: false, MemoryMarshal.AsBytes<float>(new[] { value, value }).ToArray());
        Assert.Throws<OverflowException>(() => DenseStatistics.Accumulate(rows, [0], 1));
        Assert.Throws<OverflowException>(() => DenseStatistics.AccumulatePlain(rows, [0], 1));
    }

    [Fact]
    public void Labels_that_are_no_classes_are_refused()
    {
        var rows = new DenseRows(1, 1, isBytes: true, new byte[] { 1 });
        Assert.Throws<ArgumentException>(() => DenseStatistics.Accumulate(rows, [2], 2));
        Assert.Throws<ArgumentException>(() => DenseStatistics.Accumulate(rows, [-1], 2));
        Assert.Throws<ArgumentException>(() => DenseStatistics.Accumulate(rows, [], 2));
    }

    [Fact]
    public void Order_and_splits_do_not_change_the_counts() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 70], Gen.Int[1, 12], Gen.Int, Gen.Bool).Sample(
            (count, inputs, classes, seed, bytes) =>
            {
                var random = new Random(seed);
                var rows = bytes ? RandomRows.Bytes(random, count, inputs) : RandomRows.Floats(random, count, inputs);
                var labels = RandomRows.Labels(random, count, classes);
                var whole = DenseStatistics.Accumulate(rows, labels, classes);
                var order = Enumerable.Range(0, count).ToArray();
                random.Shuffle(order);
                RandomRows.AssertEqual(whole, DenseStatistics.Accumulate(RandomRows.Pick(rows, order), RandomRows.Pick(labels, order), classes));

                var (one, other) = (order[..(count / 3)], order[(count / 3)..]);
                var first = DenseStatistics.Accumulate(RandomRows.Pick(rows, one), RandomRows.Pick(labels, one), classes);
                var second = DenseStatistics.Accumulate(RandomRows.Pick(rows, other), RandomRows.Pick(labels, other), classes);
                Assert.Equal(RandomRows.Sum(whole, first with { Counts = new CountTable(inputs, classes, [], []) }), RandomRows.Sum(first, second));
                Assert.Equal(whole.ZeroRows, first.ZeroRows + second.ZeroRows);
            },
            iter: 200);

    private static void AssertTwins(DenseRows rows, int[] labels, int classes) =>
        RandomRows.AssertEqual(DenseStatistics.AccumulatePlain(rows, labels, classes), DenseStatistics.Accumulate(rows, labels, classes));
}
