using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>
/// Weights as small pictures for a page, a pixel a cell: red above 0, blue below, the more opaque the larger; 0 is clear and takes the page's colour,
/// light or dark. Several lie side by side.
/// </summary>
internal static class WeightImage
{
    /// <summary>Clear pixels between two pictures.</summary>
    public const int Gap = 2;

    /// <param name="pictures">Values, (height, width), row-major, with the value that is fully opaque.</param>
    /// <param name="width">Values across.</param>
    /// <param name="height">Values down.</param>
    public static byte[] Png(IReadOnlyList<(double[] Values, double Scale)> pictures, int width, int height)
    {
        var step = width + Gap;
        using var bitmap = new SKBitmap(new SKImageInfo(step * pictures.Count - Gap, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(SKColors.Transparent);
        for (var p = 0; p < pictures.Count; p++)
        {
            var (values, scale) = pictures[p];
            for (var i = 0; i < values.Length; i++)
                bitmap.SetPixel(p * step + i % width, i / width, ColorOf(scale > 0 ? values[i] / scale : 0));
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static SKColor ColorOf(double share)
    {
        if (!double.IsFinite(share))
            return Palette.Missing;
        // The square root lets the small ones be seen beside the largest.
        return (share < 0 ? Palette.Blue : Palette.Red).WithAlpha((byte)Math.Round(255 * Math.Sqrt(Math.Min(Math.Abs(share), 1))));
    }
}
