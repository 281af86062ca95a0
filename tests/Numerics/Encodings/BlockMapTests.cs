using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Tests.Encodings;

public sealed class BlockMapTests
{
    [Fact]
    public void Patches_of_any_shape_follow_their_definition()
    {
        var random = new Random(1);
        double[][] thresholds = [[32, 128], [100], [1, 2, 255], [0.5, 17.25]];
        for (var trial = 0; trial < 300; trial++)
        {
            var (width, height, stride) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 5));
            var shape = RowShape.Image(random.Next(width, 20), random.Next(height, 20));
            var levels = thresholds[trial % thresholds.Length];
            if (Math.Pow(levels.Length + 1, width * height) > 65536)
                continue;
            var map = new PatchMap(width, height, levels, stride);
            var raw = Images(random, shape, random.Next(100));
            var rows = new RowEncoder([map], shape).EncodeBlocks(raw);
            var (across, down) = map.GridOf(shape);
            for (var block = 0; block < across * down; block++)
            {
                for (var row = 0; row < raw.Count; row++)
                {
                    Assert.Equal(map.CodePlain(raw, row, block), rows.Block(block)[row]);
                }
            }
        }
    }

    [Fact]
    public void Bins_follow_their_definition_for_bytes_and_numbers()
    {
        var random = new Random(2);
        var map = new BinsMap([1, 31.5, 32, 200]);
        for (var count = 0; count < 70; count++)
        {
            var bytes = Images(random, RowShape.Image(7, 3), count);
            var floats = new RawRows(RowShape.Table(21), count, MemoryMarshal.AsBytes<float>(bytes.Bytes.ToArray().Select(value => value * 0.75f).ToArray()).ToArray());
            var ofBytes = new RowEncoder([map], bytes.Shape).EncodeBlocks(bytes);
            var ofFloats = new RowEncoder([map], floats.Shape).EncodeBlocks(floats);
            for (var row = 0; row < count; row++)
            {
                for (var column = 0; column < 21; column++)
                {
                    Assert.Equal(map.CodePlain(bytes, row, column), ofBytes.Block(column)[row]);
                    Assert.Equal(map.CodePlain(floats, row, column), ofFloats.Block(column)[row]);
                }
            }
        }
    }

    [Theory]
    [InlineData(0.0, 0.5, 32.0, 128.0, 254.5, 255.0)]
    [InlineData(17.25, 255.5, 1000.0)]
    public void Bins_of_bytes_follow_their_definition_for_any_width_and_any_number_of_thresholds(params double[] thresholds)
    {
        var random = new Random(5);
        for (var width = 1; width <= 70; width++)
        {
            var map = new BinsMap([.. thresholds, .. Enumerable.Range(0, width % 40).Select(i => 2000.0 + i)]);
            var raw = Images(random, RowShape.Image(width, 1), width % 36);
            var rows = new RowEncoder([map], raw.Shape).EncodeBlocks(raw);
            for (var column = 0; column < width; column++)
            {
                for (var row = 0; row < raw.Count; row++)
                    Assert.Equal(map.CodePlain(raw, row, column), rows.Block(column)[row]);
            }
        }
    }

    [Fact]
    public void Maps_side_by_side_keep_their_blocks_apart_and_padding_stays_0()
    {
        var random = new Random(3);
        var shape = RowShape.Image(6, 5);
        var raw = Images(random, shape, 45);
        var bins = new BinsMap([9, 99]);
        var patches = new PatchMap(2, 2, [64], 1);
        var both = new RowEncoder([bins, patches], shape).EncodeBlocks(raw);
        var first = new RowEncoder([bins], shape).EncodeBlocks(raw);
        var second = new RowEncoder([patches], shape).EncodeBlocks(raw);
        for (var block = 0; block < both.Layout.Blocks; block++)
        {
            var alone = block < 30 ? first.Block(block) : second.Block(block - 30);
            Assert.Equal(alone.ToArray(), both.Block(block).ToArray());
            Assert.Equal(-1, both.Codes.Slice(block * both.Stride + raw.Count, both.Stride - raw.Count).IndexOfAnyExcept((ushort)0));
        }
    }

    [Fact]
    public void Complement_of_every_width_is_255_minus_the_value()
    {
        var random = new Random(4);
        for (var columns = 1; columns <= 256; columns++)
        {
            var raw = Images(random, RowShape.Image(columns, 1), 3);
            var map = new ComplementMap();
            var rows = new RowEncoder([map], raw.Shape).EncodeDense(raw);
            var numbers = new RawRows(RowShape.Table(columns), 3, MemoryMarshal.AsBytes<float>(raw.Bytes.ToArray().Select(value => value / 255f).ToArray()).ToArray());
            var ofNumbers = new RowEncoder([map], numbers.Shape).EncodeDense(numbers);
            for (var i = 0; i < 6 * columns; i++)
            {
                Assert.Equal(map.ValuePlain(raw, i / (2 * columns), i % (2 * columns)), rows.Bytes[i]);
                Assert.Equal((float)map.ValuePlain(numbers, i / (2 * columns), i % (2 * columns)), ofNumbers.Floats[i]);
            }
        }
    }

    [Fact]
    public void Plain_codes_are_what_a_person_would_write_down()
    {
        // 3 x 3 pixels: 0 50 200 / 40 0 0 / 128 127 32, with levels at 32 and 128.
        var raw = new RawRows(RowShape.Image(3, 3), 1, new byte[] { 0, 50, 200, 40, 0, 0, 128, 127, 32 });
        var map = new PatchMap(2, 2, [32, 128], 1);
        Assert.Equal([0 * 27 + 1 * 9 + 1 * 3 + 0, 1 * 27 + 2 * 9 + 0 * 3 + 0, 1 * 27 + 0 * 9 + 2 * 3 + 1, 0 * 27 + 0 * 9 + 1 * 3 + 1],
            Enumerable.Range(0, 4).Select(block => map.CodePlain(raw, 0, block)));
        Assert.Equal([0, 1, 2, 1, 0, 0, 2, 1, 1], Enumerable.Range(0, 9).Select(block => new BinsMap([32, 128]).CodePlain(raw, 0, block)));
        Assert.Equal(55, new ComplementMap().ValuePlain(raw, 0, 9 + 2));
    }

    [Fact]
    public void A_number_that_has_no_level_is_refused_with_its_place()
    {
        var raw = new RawRows(RowShape.Table(3), 2, MemoryMarshal.AsBytes<float>(new[] { 1, 2, 3, 4, float.NaN, 6 }).ToArray());
        var error = Assert.Throws<InvalidValueException>(() => new RowEncoder([new BinsMap([2])], raw.Shape).EncodeBlocks(raw));
        Assert.Equal((1, 1), (error.Row, error.Column));
    }

    private static RawRows Images(Random random, RowShape shape, int count)
    {
        var data = new byte[count * shape.Columns];
        random.NextBytes(data);
        return new RawRows(shape, count, data);
    }
}
