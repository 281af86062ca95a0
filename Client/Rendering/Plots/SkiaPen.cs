using ExplicitCluster.Client.Rendering.Pictures;
using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>Draws a plot on a canvas, in the colours and the lettering of all pictures.</summary>
internal sealed class SkiaPen(SKCanvas canvas) : IPlotPen
{
    public void Line(SKPoint from, SKPoint to, PlotInk ink) => PictureFile.Line(canvas, from, to, ColorOf(ink));

    public void Curve(IReadOnlyList<SKPoint> points, PlotInk ink, bool isDashed)
    {
        using var path = new SKPath();
        path.MoveTo(points[0]);
        foreach (var point in points.Skip(1))
            path.LineTo(point);
        using var dashes = isDashed ? SKPathEffect.CreateDash([5, 4], 0) : null;
        using var paint = new SKPaint
        {
            Color = ColorOf(ink),
            StrokeWidth = 2,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeJoin = SKStrokeJoin.Round,
            PathEffect = dashes,
        };
        canvas.DrawPath(path, paint);
    }

    public void Dot(SKPoint at, PlotInk ink, string hint)
    {
        using var paint = new SKPaint { Color = ColorOf(ink), IsAntialias = true };
        canvas.DrawCircle(at, 3.2f, paint);
    }

    public void Text(string text, SKPoint at, float capHeight, PlotInk ink, SKTextAlign align = SKTextAlign.Left) =>
        StrokeFont.Draw(canvas, text, at, capHeight, new TextStyle(ColorOf(ink), align, IsBold: ink == PlotInk.Text && capHeight > 9));

    public void UpwardText(string text, SKPoint at, float capHeight, PlotInk ink)
    {
        canvas.Save();
        canvas.Translate(at.X, at.Y);
        canvas.RotateDegrees(-90);
        Text(text, new SKPoint(0, 0), capHeight, ink, SKTextAlign.Center);
        canvas.Restore();
    }

    private static SKColor ColorOf(PlotInk ink) => ink switch
    {
        PlotInk.Text => Palette.Ink,
        PlotInk.FaintText => Palette.FaintInk,
        PlotInk.Rule => Palette.Rule,
        _ => Palette.Series[(int)ink % Palette.Series.Count],
    };
}
