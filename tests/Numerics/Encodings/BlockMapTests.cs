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
                    var code = 0;
                    for (var y = 0; y < height; y++)
                    {
                        for (var x = 0; x < width; x++)
                        {
                            var pixel = (block / across * stride + y) * shape.Width + block % across * stride + x;
                            code = code * (levels.Length + 1) + levels.Count(threshold => threshold <= raw.Bytes[row * shape.Columns + pixel]);
                        }
                    }
                    Assert.Equal(code, rows.Block(block)[row]);
                }
            }
        }
    }

    [Fact]
    public void Bins_follow_their_definition_for_bytes_and_numbers()
    {
        var random = new Random(2);
        double[] thresholds = [1, 31.5, 32, 200];
        for (var count = 0; count < 70; count++)
        {
            var bytes = Images(random, RowShape.Image(7, 3), count);
            var floats = new RawRows(RowShape.Table(21), count, MemoryMarshal.AsBytes<float>(bytes.Bytes.ToArray().Select(value => value * 0.75f).ToArray()).ToArray());
            var ofBytes = new RowEncoder([new BinsMap(thresholds)], bytes.Shape).EncodeBlocks(bytes);
            var ofFloats = new RowEncoder([new BinsMap(thresholds)], floats.Shape).EncodeBlocks(floats);
            for (var row = 0; row < count; row++)
            {
                for (var column = 0; column < 21; column++)
                {
                    Assert.Equal(thresholds.Count(threshold => threshold <= bytes.Bytes[row * 21 + column]), ofBytes.Block(column)[row]);
                    Assert.Equal(thresholds.Count(threshold => threshold <= floats.Floats[row * 21 + column]), ofFloats.Block(column)[row]);
                }
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
            var rows = new RowEncoder([new ComplementMap()], raw.Shape).EncodeDense(raw);
            for (var i = 0; i < 3 * columns; i++)
            {
                Assert.Equal(raw.Bytes[i], rows.Bytes[i / columns * 2 * columns + i % columns]);
                Assert.Equal(255 - raw.Bytes[i], rows.Bytes[i / columns * 2 * columns + columns + i % columns]);
            }
        }
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
