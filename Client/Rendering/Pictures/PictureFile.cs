using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>Draws a picture as PNG.</summary>
internal static class PictureFile
{
    /// <summary>Longest side of a picture, which its cells shrink to keep.</summary>
    public const int MostPixels = 8192;

    public static void Save(string path, int width, int height, Action<SKCanvas> draw) => WholeFile.Write(path, Png(width, height, draw));

    /// <summary>A picture as the bytes of a PNG file.</summary>
    public static byte[] Png(int width, int height, Action<SKCanvas> draw)
    {
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var surface = SKSurface.Create(info)
            ?? throw new InvalidOperationException($"A picture of {width} x {height} pixels does not fit in memory.");
        surface.Canvas.Clear(Palette.Paper);
        draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    public static void Text(SKCanvas canvas, string text, float x, float y, float capHeight, TextStyle style) =>
        StrokeFont.Draw(canvas, text, new SKPoint(x, y), capHeight, style);

    public static void Fill(SKCanvas canvas, SKRect area, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(area, paint);
    }

    public static void Line(SKCanvas canvas, SKPoint from, SKPoint to, SKColor color, float width = 1)
    {
        using var paint = new SKPaint { Color = color, StrokeWidth = width, IsAntialias = true, Style = SKPaintStyle.Stroke };
        canvas.DrawLine(from, to, paint);
    }

    /// <summary>A hairline just outside an area.</summary>
    public static void Frame(SKCanvas canvas, SKRect area)
    {
        using var paint = new SKPaint { Color = Palette.Rule, Style = SKPaintStyle.Stroke, StrokeWidth = 1 };
        canvas.DrawRect(SKRect.Inflate(area, .5f, .5f), paint);
    }
}
