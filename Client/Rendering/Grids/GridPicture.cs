using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Client.Rendering.Pictures;
using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Grids;

/// <summary>
/// A grid as heat maps, K down and alpha across, the darker the less cross-entropy: leave-one-out at the left, the mean over folds at the right; a row of
/// the two for every group of features and prior, the best first. All are on one scale, and the best cell of each side is framed.
/// </summary>
public static class GridPicture
{
    private const int MostKinds = 8;
    private const float Margin = 24;
    private const float HeadRoom = 54;
    private const float PanelHead = 40;
    private const float PanelFoot = 44;
    private const float LabelRoom = 46;
    private const float CellWidth = 66;
    private const float CellHeight = 30;
    private const float Gap = 34;

    /// <summary>Nats above the best at which a cell is white: what is that much worse is only worse.</summary>
    private const double Range = .5;

    /// <summary>PNG bytes.</summary>
    public static byte[] Of(GridReport report)
    {
        var kinds = GridView.BestOfEachKind(report).Take(MostKinds).Select(best => report.Settings[best]).ToList();
        double[] ks = [.. report.Settings.Select(setting => setting.K).Distinct().Order()];
        double[] alphas = [.. report.Settings.Select(setting => setting.Alpha).Distinct().Order()];
        var cell = new SKSize(Math.Min(CellWidth, PictureFile.MostPixels / 3f / alphas.Length), Math.Min(CellHeight, (float)PictureFile.MostPixels / 2 / ks.Length / kinds.Count));
        var panel = new SKSize(LabelRoom + alphas.Length * cell.Width, PanelHead + ks.Length * cell.Height + PanelFoot);
        var width = Math.Max(2 * Margin + 2 * panel.Width + Gap, 640);
        return PictureFile.Png((int)width, (int)(2 * Margin + HeadRoom + kinds.Count * panel.Height), canvas =>
        {
            DrawHead(canvas, report, kinds.Count);
            for (var i = 0; i < kinds.Count; i++)
            {
                var settings = report.Settings.Where(setting => (setting.Group, setting.Prior, setting.Beta) == (kinds[i].Group, kinds[i].Prior, kinds[i].Beta)).ToList();
                var top = Margin + HeadRoom + i * panel.Height;
                var title = $"{report.Groups[kinds[i].Group].Name}, prior {GridView.PriorOf(kinds[i])}";
                DrawPanel(canvas, new Panel(report, settings, ks, alphas, cell, new SKPoint(Margin, top)), $"leave-one-out: {title}", setting => setting.LeftOut, null);
                DrawPanel(canvas, new Panel(report, settings, ks, alphas, cell, new SKPoint(Margin + panel.Width + Gap, top)), $"{report.FoldRows.Length} folds, mean and deviation", setting => setting.Folds, setting => setting.Deviation);
            }
        });
    }

    private static void DrawHead(SKCanvas canvas, GridReport report, int kinds)
    {
        PictureFile.Text(canvas, $"{report.Name}: cross-entropy (nats a row)", Margin, Margin + 14, 13, new TextStyle(Palette.Ink, IsBold: true));
        var all = GridView.BestOfEachKind(report).Count;
        var part = all > kinds ? $", the best {kinds} of {all} groups and priors" : "";
        PictureFile.Text(
            canvas, $"{Figures.Count(report.Rows)} rows, {Figures.Count(report.Settings.Length)} settings{part}; darker is better, frames mark the best", Margin, Margin + 34, 9, new TextStyle(Palette.FaintInk));
    }

    private static void DrawPanel(SKCanvas canvas, Panel panel, string title, Func<GridSettingReport, GridFigures?> figuresOf, Func<GridSettingReport, GridFigures>? spreadOf)
    {
        var least = panel.Report.Settings.Min(setting => figuresOf(setting)?.CrossEntropy ?? double.PositiveInfinity);
        var (left, top) = (panel.At.X + LabelRoom, panel.At.Y + PanelHead);
        var area = SKRect.Create(left, top, panel.Alphas.Length * panel.Cell.Width, panel.Ks.Length * panel.Cell.Height);
        PictureFile.Text(canvas, StrokeFont.Fit(title, 9, area.Width + LabelRoom), panel.At.X, panel.At.Y + 24, 9, new TextStyle(Palette.Ink, IsBold: true));
        SKRect? best = null;
        foreach (var setting in panel.Settings)
        {
            var square = SKRect.Create(
                left + Array.IndexOf(panel.Alphas, setting.Alpha) * panel.Cell.Width, top + Array.IndexOf(panel.Ks, setting.K) * panel.Cell.Height, panel.Cell.Width, panel.Cell.Height);
            if (figuresOf(setting) is not { } figures)
                continue;
            // The square root tells the best ones apart.
            var shade = 1 - Math.Sqrt(Math.Clamp((figures.CrossEntropy - least) / Range, 0, 1));
            PictureFile.Fill(canvas, square, Palette.Sequential(shade));
            DrawFigures(canvas, square, figures, spreadOf?.Invoke(setting), new TextStyle(shade > .55 ? SKColors.White : Palette.Ink, SKTextAlign.Center));
            if (figures.CrossEntropy == least)
                best = square;
        }
        for (var i = 0; i < panel.Ks.Length; i++)
            PictureFile.Text(canvas, Figures.Setting(panel.Ks[i]), left - 7, top + (i + .5f) * panel.Cell.Height + 4, 8, new TextStyle(Palette.FaintInk, SKTextAlign.Right));
        for (var i = 0; i < panel.Alphas.Length; i++)
            PictureFile.Text(canvas, StrokeFont.Fit(Figures.Setting(panel.Alphas[i]), 8, panel.Cell.Width - 2), left + (i + .5f) * panel.Cell.Width, area.Bottom + 15, 8, new TextStyle(Palette.FaintInk, SKTextAlign.Center));
        PictureFile.Text(canvas, "alpha", area.MidX, area.Bottom + 32, 8, new TextStyle(Palette.FaintInk, SKTextAlign.Center));
        PictureFile.Text(canvas, "K", panel.At.X, area.MidY + 4, 8, new TextStyle(Palette.FaintInk));
        PictureFile.Frame(canvas, area);
        if (best is { } framed)
            DrawFrame(canvas, framed);
    }

    private static void DrawFigures(SKCanvas canvas, SKRect square, GridFigures figures, GridFigures? spread, TextStyle style)
    {
        var text = Figures.Measure(figures.CrossEntropy);
        if (square.Height < 14 || StrokeFont.Measure(text, 7) > square.Width - 4)
            return;
        var isTall = spread is not null && square.Height >= 26;
        PictureFile.Text(canvas, text, square.MidX, square.MidY + (isTall ? -2 : 3.5f), 7, style);
        if (isTall)
            PictureFile.Text(canvas, $"+- {Figures.Measure(spread!.CrossEntropy)}", square.MidX, square.MidY + 10, 5.5f, style);
    }

    private static void DrawFrame(SKCanvas canvas, SKRect square)
    {
        using var paint = new SKPaint { Color = Palette.Red, Style = SKPaintStyle.Stroke, StrokeWidth = 3, IsAntialias = true };
        canvas.DrawRect(SKRect.Inflate(square, -1, -1), paint);
    }

    private sealed record Panel(GridReport Report, List<GridSettingReport> Settings, double[] Ks, double[] Alphas, SKSize Cell, SKPoint At);
}
