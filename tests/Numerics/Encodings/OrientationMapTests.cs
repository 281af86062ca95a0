using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Tests.Encodings;

public sealed class OrientationMapTests
{
    private static readonly OrientationSettings Good = new(Cell: 4, Stride: 2, Bins: 8, Weak: 4, Strong: 16, [(1, 2), (2, 1)], Distance: 2);

    private static readonly (int, int)[][] ShapesOfUpTo4Bins = [[(1, 1)], [(1, 2), (2, 1)], [(2, 1)], [(1, 3), (3, 1)], [(2, 2)], [(1, 4), (2, 2)]];

    public static TheoryData<OrientationSettings, string> Bad => new()
    {
        { Good with { Cell = 0 }, "has cell 0, stride 2 and distance 2" },
        { Good with { Cell = 257 }, "has cell 257" },
        { Good with { Stride = 0 }, "stride 0" },
        { Good with { Distance = 0 }, "distance 0" },
        { Good with { Bins = 6 }, "has 6 bins" },
        { Good with { Weak = -1 }, "has thresholds -1 and 16" },
        { Good with { Strong = 4 }, "has thresholds 4 and 4" },
        { Good with { Weak = double.NaN }, "has thresholds NaN and 16" },
        { Good with { Shapes = [] }, "needs shapes" },
        { Good with { Shapes = [(1, 2), (1, 2)] }, "none twice" },
        { Good with { Shapes = [(0, 2)] }, "at least 1x1" },
        { Good with { Shapes = [(1, 2), (2, 2)] }, "different numbers of cells" },
        { Good with { Shapes = [(2, 2)] }, "has 83521 codes a block" },
    };

    [Fact]
    public void Blocks_of_any_settings_follow_their_definition_and_padding_stays_0()
    {
        var random = new Random(1);
        var levelsSeen = new HashSet<int>();
        for (var trial = 0; trial < 120; trial++)
        {
            var bins = random.Next(2) == 0 ? 4 : 8;
            var shapes = ShapesOfUpTo4Bins[random.Next(bins == 4 ? 6 : 4)];
            var (cell, stride, distance) = (random.Next(1, 7), random.Next(1, 4), random.Next(1, 4));
            var weak = random.Next(4) * 5.25;
            var map = new OrientationMap(new OrientationSettings(cell, stride, bins, weak, weak + random.Next(1, 40), shapes, distance));
            var shape = RowShape.Image(random.Next(1, 20), random.Next(1, 20));
            if (shape.Width < cell || shape.Height < cell || shapes.Any(one => !Fits(one, map.GridOf(shape), distance)))
                continue;
            var raw = Images(random, shape, random.Next(1, 70));
            var rows = new RowEncoder([map], shape).EncodeBlocks(raw);
            for (var block = 0; block < rows.Layout.Blocks; block++)
            {
                for (var row = 0; row < raw.Count; row++)
                {
                    Assert.Equal(map.CodePlain(raw, row, block), rows.Block(block)[row]);
                    if (map.CellsOfBlock == 1)
                        levelsSeen.Add(rows.Block(block)[row]);
                }
                Assert.Equal(-1, rows.Codes.Slice(block * rows.Stride + raw.Count, rows.Stride - raw.Count).IndexOfAnyExcept((ushort)0));
            }
        }
        Assert.Equal(17, levelsSeen.Count);
    }

    [Fact]
    public void Every_gradient_that_bytes_have_has_its_exact_direction_and_length()
    {
        // The gradient of the middle of 3 x 3 pixels. Cells of one pixel and thresholds of length n and n + 1 sixteenths: level 1 + 2 b is length n exactly.
        var shape = RowShape.Image(3, 3);
        var imagesOfLength = new Dictionary<int, List<(byte[] Image, int Direction)>>();
        for (var gx = -255; gx <= 255; gx++)
        {
            for (var gy = -255; gy <= 255; gy++)
            {
                var image = new byte[9];
                (image[3], image[5], image[1], image[7]) = ((byte)Math.Max(0, -gx), (byte)Math.Max(0, gx), (byte)Math.Max(0, -gy), (byte)Math.Max(0, gy));
                var (direction, length) = OrientationMap.GradientPlain(new RawRows(shape, 1, image), 0, 1, 1);
                ref var images = ref CollectionsMarshal.GetValueRefOrAddDefault(imagesOfLength, length, out _);
                (images ??= []).Add((image, length == 0 ? 0 : direction));
            }
        }
        foreach (var (length, images) in imagesOfLength)
        {
            var map = new OrientationMap(new OrientationSettings(1, 1, 8, length / 16.0, (length + 1) / 16.0, [(1, 1)], 1));
            var rows = new RowEncoder([map], shape).EncodeBlocks(new RawRows(shape, images.Count, images.SelectMany(image => image.Image).ToArray()));
            Assert.Equal(images.Select(image => (ushort)(1 + 2 * image.Direction)), rows.Block(4).ToArray());
        }
    }

    [Theory, MemberData(nameof(Bad))]
    public void Settings_that_make_no_map_are_refused(OrientationSettings settings, string expected)
    {
        var error = Assert.Throws<FeatureException>(() => new OrientationMap(settings));
        Assert.Contains(expected, error.Message);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void Rows_that_do_not_suit_are_refused()
    {
        var map = new OrientationMap(Good);
        Refused(RowShape.Table(64), "needs images of bytes, and the rows are 64 numeric columns");
        Refused(RowShape.Image(8, 8) with { IsBytes = false }, "needs images of bytes");
        Refused(RowShape.Image(3, 8), "cells of 4 x 4 pixels do not fit 3 x 8 images");
        Refused(RowShape.Image(6, 8), "blocks of 1x2 cells at distance 2 do not fit the 3x2 cells of 6 x 8 images");
        Refused(RowShape.Image(8, 6), "blocks of 2x1 cells at distance 2 do not fit the 2x3 cells of 8 x 6 images");

        void Refused(RowShape shape, string expected) =>
            Assert.Contains(expected, Assert.Throws<FeatureException>(() => new RowEncoder([map], shape)).Message);
    }

    private static bool Fits((int Height, int Width) shape, (int Across, int Down) grid, int distance) =>
        (shape.Width - 1) * distance < grid.Across && (shape.Height - 1) * distance < grid.Down;

    /// <summary>Noise of a contrast of its own in every image, so that cells are flat, weak and strong.</summary>
    private static RawRows Images(Random random, RowShape shape, int count)
    {
        var data = new byte[count * shape.Columns];
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)random.Next(1 + (i / shape.Columns * 37 & 255));
        return new RawRows(shape, count, data);
    }
}
