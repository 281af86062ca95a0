using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Encodings;

public sealed class LevelRowsTests
{
    private const int Classes = 3;

    private static readonly RowShape Shape = RowShape.Image(13, 11);

    private static readonly RowEncoder Encoder = new(
        [
            new PatchMap(3, 3, [32, 128], 2),
            new BinsMap([100]),
            new OrientationMap(new OrientationSettings(4, 2, 8, 4, 16, [(1, 2), (2, 1)], 1)),
            new PatchMap(2, 4, [16, 80], 3),
        ],
        Shape);

    [Fact]
    public void Rows_added_in_pieces_of_any_size_are_counted_like_rows_that_are_encoded()
    {
        var random = new Random(1);
        int[] sizes = [1, 31, 32, 33, 0, 64, 5, 700, 4096];
        var capacity = sizes.Sum() + 3;
        using var levels = new LevelRows(Encoder, capacity);
        var (labels, all) = (new List<int>(), new List<byte>());
        foreach (var size in sizes)
        {
            var bytes = new byte[size * Shape.Columns];
            random.NextBytes(bytes);
            levels.Add(new RawRows(Shape, size, bytes));
            all.AddRange(bytes);
            labels.AddRange(Enumerable.Range(0, size).Select(_ => random.Next(Classes)));
        }
        using var sum = new StatisticsSum(Encoder.Layout.Inputs, Classes);
        sum.Add(levels, labels.ToArray());
        var expected = BlockStatistics.AccumulatePlain(Encoder.EncodeBlocks(new RawRows(Shape, levels.Count, all.ToArray())), labels.ToArray(), Classes);
        Assert.Equal(sizes.Sum(), levels.Count);
        AssertSame(expected, sum.Total());
    }

    [Fact]
    public void Rows_after_a_clearing_are_counted_alone()
    {
        var random = new Random(2);
        using var levels = new LevelRows(Encoder, 100);
        foreach (var size in (int[])[100, 40])
        {
            var bytes = new byte[size * Shape.Columns];
            random.NextBytes(bytes);
            var labels = Enumerable.Range(0, size).Select(_ => random.Next(Classes)).ToArray();
            levels.Clear();
            levels.Add(new RawRows(Shape, size, bytes));
            using var sum = new StatisticsSum(Encoder.Layout.Inputs, Classes);
            sum.Add(levels, labels);
            AssertSame(BlockStatistics.AccumulatePlain(Encoder.EncodeBlocks(new RawRows(Shape, size, bytes)), labels, Classes), sum.Total());
        }
    }

    [Fact]
    public void A_value_that_has_no_level_takes_up_nothing()
    {
        var encoder = new RowEncoder([new BinsMap([1.5])], RowShape.Table(2));
        using var levels = new LevelRows(encoder, 4);
        levels.Add(Floats(1, 2));
        var invalid = Assert.Throws<InvalidValueException>(() => levels.Add(Floats(1, 2, 3, -4)));
        Assert.Equal((1, 1), (invalid.Row, invalid.Column));
        Assert.Equal(1, levels.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => levels.Add(Floats(1, 2, 1, 2, 1, 2, 1, 2)));

        RawRows Floats(params float[] values) => new(RowShape.Table(2), values.Length / 2, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private static void AssertSame(SufficientStatistics expected, SufficientStatistics seen)
    {
        Assert.Equal(expected.Counts.Seen, seen.Counts.Seen);
        Assert.Equal(expected.Counts.Counts, seen.Counts.Counts);
        Assert.Equal(expected.ClassRows, seen.ClassRows);
        Assert.Equal(expected.ClassMass, seen.ClassMass);
    }
}
