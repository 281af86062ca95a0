using ExplicitCluster.Grains.Models.Explanations;
using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>An image beside what its pixels add: red speaks for the predicted class, blue for the other.</summary>
internal static class ExplanationPicture
{
    private const int Margin = 20;
    private const int TitleRoom = 52;
    private const int BarWidth = 14;
    private const int BarRoom = 84;
    private const float Letter = 11;
    private const float SmallLetter = 8;

    public static void Save(string path, Explanation explanation)
    {
        var model = explanation.Row.Model;
        var (width, height) = (model.Encoder.Shape.Width, model.Encoder.Shape.Height);
        var heat = InputPlaces.HeatOf(explanation);
        var scale = heat.Select(Math.Abs).Max() is > 0 and var largest ? largest : 1;
        var brightest = explanation.Row.Values.Max() is > 0 and var most ? most : 1;
        var cell = Math.Max(1, Math.Min(Math.Clamp(280 / Math.Max(width, height), 2, 40), PictureFile.MostPixels / (2 * Math.Max(width, height) + 1)));
        var image = SKRect.Create(Margin, Margin + TitleRoom, width * cell, height * cell);
        var added = SKRect.Create(image.Right + Margin, image.Top, image.Width, image.Height);
        var labels = model.Description.Labels;
        PictureFile.Save(path, (int)added.Right + BarRoom + Margin, (int)image.Bottom + Margin, canvas =>
        {
            var (ink, faint) = (new TextStyle(Palette.Ink, IsBold: true), new TextStyle(Palette.FaintInk));
            var title = $"{labels[explanation.Class]} against {labels[explanation.Against]}: {explanation.Difference:+0.00;-0.00} nats, of them prior {explanation.Prior:+0.00;-0.00}";
            PictureFile.Text(canvas, StrokeFont.Fit(title, Letter, added.Right + BarRoom - Margin), Margin, Margin + 14, Letter, ink);
            PictureFile.Text(canvas, StrokeFont.Fit("row", SmallLetter, image.Width), image.Left, image.Top - 8, SmallLetter, faint);
            PictureFile.Text(canvas, StrokeFont.Fit($"nats that its pixels add: red for {labels[explanation.Class]}, blue for {labels[explanation.Against]}", SmallLetter, added.Width + BarRoom), added.Left, added.Top - 8, SmallLetter, faint);
            DrawCells(canvas, image, (width, cell), i => Grey(explanation.Row.Values[i] / brightest), heat.Length);
            DrawCells(canvas, added, (width, cell), i => Palette.Diverging(heat[i] / scale), heat.Length);
            DrawBar(canvas, SKRect.Create(added.Right + 18, added.Top, BarWidth, Math.Min(added.Height, 280)), scale);
        });
    }

    private static SKColor Grey(double share)
    {
        var level = (byte)Math.Round(255 * (1 - share));
        return new SKColor(level, level, level);
    }

    private static void DrawCells(SKCanvas canvas, SKRect area, (int Width, int Cell) grid, Func<int, SKColor> colorOf, int count)
    {
        for (var i = 0; i < count; i++)
            PictureFile.Fill(canvas, SKRect.Create(area.Left + i % grid.Width * grid.Cell, area.Top + i / grid.Width * grid.Cell, grid.Cell, grid.Cell), colorOf(i));
        PictureFile.Frame(canvas, area);
    }

    private static void DrawBar(SKCanvas canvas, SKRect bar, double scale)
    {
        for (var y = 0; y < bar.Height; y++)
            PictureFile.Fill(canvas, SKRect.Create(bar.Left, bar.Top + y, bar.Width, 1), Palette.Diverging(1 - 2 * y / (bar.Height - 1)));
        PictureFile.Frame(canvas, bar);
        foreach (var share in (double[])[1, 0, -1])
        {
            var y = (float)(bar.Top + (1 - share) / 2 * bar.Height);
            PictureFile.Text(canvas, share == 0 ? "0" : $"{share * scale:+0.###;-0.###}", bar.Right + 9, y + SmallLetter / 2, SmallLetter, new TextStyle(Palette.FaintInk));
        }
    }
}
