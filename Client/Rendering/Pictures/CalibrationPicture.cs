using ExplicitCluster.Abstractions.Jobs;
using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>
/// A reliability diagram: accuracy against confidence, bin by bin, with the gap between them shaded (too confident red, too cautious
/// pale blue), and below it how many rows fell into each bin.
/// </summary>
public static class CalibrationPicture
{
    public const int Width = 520;
    public const int Height = 700;

    private static readonly SKColor Confident = new(0xEB, 0xA9, 0xA8);
    private static readonly SKColor Cautious = new(0x9F, 0xC6, 0xE0);
    private static readonly SKRect Plot = SKRect.Create(70, 78, 420, 420);
    private static readonly SKRect Histogram = SKRect.Create(70, 520, 420, 100);

    public static void Save(string path, EvaluationReport report) => PictureFile.Save(path, Width, Height, canvas =>
    {
        DrawHead(canvas, report);
        DrawAxes(canvas);
        DrawBins(canvas, report);
        DrawRows(canvas, report);
    });

    private static void DrawHead(SKCanvas canvas, EvaluationReport report)
    {
        PictureFile.Text(canvas, "calibration", 22, 36, 12, new TextStyle(Palette.Ink, IsBold: true));
        var line = $"{Figures.Count(report.Rows)} rows, accuracy {Figures.Measure(report.Accuracy)}, "
            + $"calibration error {Figures.Measure(report.CalibrationError)}";
        PictureFile.Text(canvas, line, 22, 57, 9, new TextStyle(Palette.FaintInk));
    }

    private static void DrawAxes(SKCanvas canvas)
    {
        for (var tick = 0; tick <= 5; tick++)
        {
            var share = tick / 5f;
            var (x, y) = (Plot.Left + share * Plot.Width, Plot.Bottom - share * Plot.Height);
            PictureFile.Line(canvas, new SKPoint(Plot.Left, y), new SKPoint(Plot.Right, y), Palette.Rule);
            PictureFile.Line(canvas, new SKPoint(x, Plot.Top), new SKPoint(x, Plot.Bottom), Palette.Rule);
            PictureFile.Line(canvas, new SKPoint(x, Histogram.Bottom), new SKPoint(x, Histogram.Bottom + 5), Palette.FaintInk);
            PictureFile.Text(canvas, $"{share:0.0}", Plot.Left - 9, y + 4, 8, new TextStyle(Palette.FaintInk, SKTextAlign.Right));
            PictureFile.Text(canvas, $"{share:0.0}", x, Histogram.Bottom + 19, 8, new TextStyle(Palette.FaintInk, SKTextAlign.Center));
        }
        PictureFile.Text(canvas, "confidence", Plot.MidX, Histogram.Bottom + 44, 9, new TextStyle(Palette.FaintInk, SKTextAlign.Center));
        Turned(canvas, "accuracy", Plot.MidY);
        Turned(canvas, "rows", Histogram.MidY);
    }

    private static void DrawBins(SKCanvas canvas, EvaluationReport report)
    {
        var width = Plot.Width / Math.Max(1, report.Calibration.Length);
        for (var i = 0; i < report.Calibration.Length; i++)
        {
            var bin = report.Calibration[i];
            if (bin.Rows == 0)
                continue;
            var left = Plot.Left + i * width + 1;
            var (accuracy, confidence) = (YOf(bin.Accuracy), YOf(bin.MeanConfidence));
            PictureFile.Fill(canvas, new SKRect(left, accuracy, left + width - 2, Plot.Bottom), Palette.Blue);
            var gap = new SKRect(left, Math.Min(accuracy, confidence), left + width - 2, Math.Max(accuracy, confidence));
            PictureFile.Fill(canvas, gap, accuracy > confidence ? Confident : Cautious);
            PictureFile.Line(canvas, new SKPoint(left, confidence), new SKPoint(left + width - 2, confidence), Palette.Ink, 2);
        }
        using var dashes = SKPathEffect.CreateDash([6, 5], 0);
        using var paint = new SKPaint
        {
            Color = Palette.FaintInk,
            StrokeWidth = 1.5f,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            PathEffect = dashes,
        };
        canvas.DrawLine(Plot.Left, Plot.Bottom, Plot.Right, Plot.Top, paint);
        PictureFile.Frame(canvas, Plot);
        DrawKey(canvas);
    }

    private static void DrawKey(SKCanvas canvas)
    {
        (SKColor Color, string Text)[] entries =
        [
            (Palette.Blue, "accuracy"), (Palette.Ink, "mean confidence"), (Confident, "too confident"), (Cautious, "too cautious"),
        ];
        for (var i = 0; i < entries.Length; i++)
        {
            var y = Plot.Top + 18 + i * 20;
            PictureFile.Fill(
                canvas,
                SKRect.Create(Plot.Left + 12, entries[i].Color == Palette.Ink ? y + 4 : y, 14, entries[i].Color == Palette.Ink ? 2 : 10),
                entries[i].Color);
            PictureFile.Text(canvas, entries[i].Text, Plot.Left + 34, y + 9, 8, new TextStyle(Palette.Ink));
        }
    }

    private static void DrawRows(SKCanvas canvas, EvaluationReport report)
    {
        var most = report.Calibration.IsEmpty ? 0 : report.Calibration.Max(bin => bin.Rows);
        var width = Histogram.Width / Math.Max(1, report.Calibration.Length);
        for (var i = 0; i < report.Calibration.Length && most > 0; i++)
        {
            var height = (float)report.Calibration[i].Rows / most * Histogram.Height;
            PictureFile.Fill(
                canvas, SKRect.Create(Histogram.Left + i * width + 1, Histogram.Bottom - height, width - 2, height), Palette.FaintInk);
        }
        PictureFile.Frame(canvas, Histogram);
        PictureFile.Text(
            canvas, Figures.Count(most), Histogram.Left - 9, Histogram.Top + 8, 8, new TextStyle(Palette.FaintInk, SKTextAlign.Right));
    }

    private static float YOf(double share) => Plot.Bottom - (float)Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * Plot.Height;

    private static void Turned(SKCanvas canvas, string text, float middle)
    {
        canvas.Save();
        canvas.Translate(24, middle);
        canvas.RotateDegrees(-90);
        PictureFile.Text(canvas, text, 0, 0, 9, new TextStyle(Palette.FaintInk, SKTextAlign.Center));
        canvas.Restore();
    }
}
