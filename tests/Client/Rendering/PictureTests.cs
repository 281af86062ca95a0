using ExplicitCluster.Client.Rendering.Pictures;
using SkiaSharp;

namespace ExplicitCluster.Client.Tests.Rendering;

public sealed class PictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly double[] _ramp = [.. Enumerable.Range(0, 784).Select(cell => (cell - 400) / 100.0)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_are_blue_below_0_white_at_0_and_red_above()
    {
        WeightPicture.Save(_folder.Of("new/weights.png"), _ramp, 28, 28, "Ankle boot");
        using var picture = Read("new/weights.png", 460, 406);
        var (low, zero, high) = (picture.GetPixel(25, 55), picture.GetPixel(20 + 8 * 12 + 6, 50 + 14 * 12 + 6), picture.GetPixel(20 + 27 * 12 + 6, 50 + 27 * 12 + 6));
        Assert.True(low.Blue > low.Red + 50, $"{low}");
        Assert.Equal(SKColors.White, zero);
        Assert.True(high.Red > high.Blue + 50, $"{high}");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(784, 1)]
    [InlineData(1, 784)]
    [InlineData(3, 2)]
    public void Weights_of_any_shape_have_cells_of_at_least_10_pixels(int width, int height)
    {
        WeightPicture.Save(_folder.Of("weights.png"), new double[width * height], width, height, "a title that is far too long for a picture of this size");
        using var picture = Read("weights.png");
        Assert.True(picture.Width >= 10 * width && picture.Height >= 10 * height);
    }

    [Fact]
    public void A_sheet_has_every_class_on_one_scale()
    {
        WeightPicture.SaveSheet(_folder.Of("sheet.png"), [.. SampleJob.Labels.Select((label, c) => (label, _ramp.Select(value => value * c).ToArray()))], 28, 28);
        using var picture = Read("sheet.png", 1184, 492);
        Assert.Equal(SKColors.White, picture.GetPixel(30, 100));
        Assert.NotEqual(picture.GetPixel(250, 60), picture.GetPixel(466, 60));
    }

    [Fact]
    public void A_value_that_is_no_number_is_drawn_and_does_not_set_the_scale()
    {
        WeightPicture.Save(_folder.Of("weights.png"), [double.NaN, double.PositiveInfinity, -1, 1], 2, 2, "");
        using var picture = Read("weights.png");
        Assert.NotEqual(picture.GetPixel(25, 55), picture.GetPixel(25, 55 + 48));
    }

    [Fact]
    public void Values_that_are_not_width_x_height_are_refused()
    {
        Assert.Throws<ArgumentException>(() => WeightPicture.Save(_folder.Of("w.png"), [1, 2, 3], 2, 2, "w"));
        Assert.Throws<ArgumentException>(() => WeightPicture.SaveSheet(_folder.Of("w.png"), [], 2, 2));
        Assert.Throws<ArgumentException>(() => ConfusionPicture.Save(_folder.Of("w.png"), ["a"], [1, 2]));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(300)]
    public void A_confusion_matrix_is_drawn_for_few_classes_and_for_many(int classes)
    {
        var confusion = Enumerable.Range(0, classes * classes).Select(cell => cell % (classes + 1) == 0 ? 100L : cell % 3).ToArray();
        ConfusionPicture.Save(_folder.Of("confusion.png"), [.. Enumerable.Range(0, classes).Select(index => $"class é {index}")], confusion);
        using var picture = Read("confusion.png");
        Assert.InRange(picture.Width, 300, 2000);
    }

    [Fact]
    public void Calibration_is_drawn_with_and_without_rows()
    {
        CalibrationPicture.Save(_folder.Of("calibration.png"), SampleJob.Report(10_000, .8));
        Read("calibration.png", CalibrationPicture.Width, CalibrationPicture.Height).Dispose();
        CalibrationPicture.Save(_folder.Of("empty.png"), SampleJob.Report(0, double.NaN) with { Calibration = [] });
        Read("empty.png", CalibrationPicture.Width, CalibrationPicture.Height).Dispose();
    }

    [Fact]
    public void A_picture_replaces_the_one_before_and_leaves_nothing_else()
    {
        WeightPicture.Save(_folder.Of("w.png"), [1, 2], 2, 1, "first");
        var first = File.ReadAllBytes(_folder.Of("w.png"));
        WeightPicture.Save(_folder.Of("w.png"), [1, 2], 2, 1, "second");
        Assert.NotEqual(first, File.ReadAllBytes(_folder.Of("w.png")));
        WeightPicture.Save(_folder.Of("w.png"), [1, 2], 2, 1, "first");
        Assert.Equal(first, File.ReadAllBytes(_folder.Of("w.png")));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private SKBitmap Read(string name, int? width = null, int? height = null)
    {
        var picture = SKBitmap.Decode(_folder.Of(name));
        Assert.NotNull(picture);
        Assert.Equal((width ?? picture.Width, height ?? picture.Height), (picture.Width, picture.Height));
        Assert.True(picture.Pixels.Distinct().Take(4).Count() > 3, "the picture is nearly empty");
        return picture;
    }
}
