using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>A confusion matrix as a picture: each row is a true class, shaded by the share of its rows that each class was predicted for.</summary>
public static class ConfusionPicture
{
    private const int Margin = 22;
    private const int HeadRoom = 52;
    private const int LeastCellWithText = 14;
    private const float LongestLabel = 110;

    /// <param name="path">Where to write the PNG; its folder is made.</param>
    /// <param name="labels">Names of the C classes.</param>
    /// <param name="confusion">Rows by class: (C, C), row-major, true class by predicted class.</param>
    /// <exception cref="ArgumentException">The matrix is not (C, C), or there is no class.</exception>
    public static void Save(string path, IReadOnlyList<string> labels, ReadOnlySpan<long> confusion)
    {
        var classes = labels.Count;
        if (classes == 0 || confusion.Length != (long)classes * classes)
            throw new ArgumentException(
                $"The confusion matrix has {confusion.Length} cells; {classes} labels ask for {classes} x {classes}.", nameof(confusion));
        var counts = confusion.ToArray();
        var cell = classes <= 12 ? 56 : Math.Max(1, Math.Min(40, Math.Min(1400, PictureFile.MostPixels) / classes));
        if (classes > 1400)
            cell = Math.Max(1, PictureFile.MostPixels / classes);
        var letter = Math.Clamp(cell * .2f, 6, 10);
        var names = cell < LeastCellWithText ? [] : labels.Select(label => StrokeFont.Fit(label, letter, LongestLabel)).ToArray();
        var widest = names.Length == 0 ? 0 : names.Max(name => StrokeFont.Measure(name, letter));
        var isUpright = widest <= cell - 8;
        var area = SKRect.Create(Margin + 24 + widest, Margin + HeadRoom, classes * cell, classes * cell);
        var footRoom = (isUpright ? letter : widest) + 44;
        PictureFile.Save(path, (int)Math.Max(area.Right + Margin, 330), (int)(area.Bottom + footRoom + Margin), canvas =>
        {
            DrawHead(canvas, counts, classes);
            DrawCells(canvas, counts, area, (classes, cell, letter));
            DrawLabels(canvas, names, area, (cell, letter, isUpright));
            DrawAxes(canvas, area, footRoom);
        });
    }

    private static void DrawHead(SKCanvas canvas, long[] counts, int classes)
    {
        var all = counts.Sum();
        var right = Enumerable.Range(0, classes).Sum(index => counts[index * classes + index]);
        PictureFile.Text(canvas, "confusion matrix", Margin, Margin + 14, 12, new TextStyle(Palette.Ink, IsBold: true));
        var line = $"{Figures.Count(all)} rows, accuracy {(all == 0 ? "-" : Figures.Measure((double)right / all))}";
        PictureFile.Text(canvas, line, Margin, Margin + 34, 9, new TextStyle(Palette.FaintInk));
    }

    private static void DrawCells(SKCanvas canvas, long[] counts, SKRect area, (int Classes, int Size, float Letter) cell)
    {
        for (var truth = 0; truth < cell.Classes; truth++)
        {
            var line = counts.AsSpan(truth * cell.Classes, cell.Classes);
            var all = 0L;
            foreach (var count in line)
                all += count;
            for (var predicted = 0; predicted < cell.Classes; predicted++)
            {
                var share = all == 0 ? 0 : (double)line[predicted] / all;
                var square = SKRect.Create(area.Left + predicted * cell.Size, area.Top + truth * cell.Size, cell.Size, cell.Size);
                // The square root lets rare mistakes be seen beside the diagonal.
                PictureFile.Fill(canvas, square, Palette.Sequential(Math.Sqrt(share)));
                var text = line[predicted].ToString();
                if (line[predicted] == 0 || StrokeFont.Measure(text, cell.Letter) > cell.Size - 4 || cell.Size < LeastCellWithText)
                    continue;
                var style = new TextStyle(share > .3 ? SKColors.White : Palette.Ink, SKTextAlign.Center, truth == predicted);
                PictureFile.Text(canvas, text, square.MidX, square.MidY + cell.Letter / 2, cell.Letter, style);
            }
        }
        if (cell.Size >= LeastCellWithText)
        {
            for (var i = 1; i < cell.Classes; i++)
            {
                var (x, y) = (area.Left + i * cell.Size, area.Top + i * cell.Size);
                PictureFile.Line(canvas, new SKPoint(x, area.Top), new SKPoint(x, area.Bottom), Palette.Rule);
                PictureFile.Line(canvas, new SKPoint(area.Left, y), new SKPoint(area.Right, y), Palette.Rule);
            }
        }
        PictureFile.Frame(canvas, area);
    }

    private static void DrawLabels(SKCanvas canvas, string[] names, SKRect area, (int Size, float Letter, bool IsUpright) cell)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var y = area.Top + (i + .5f) * cell.Size + cell.Letter / 2;
            PictureFile.Text(canvas, names[i], area.Left - 8, y, cell.Letter, new TextStyle(Palette.Ink, SKTextAlign.Right));
            var x = area.Left + (i + .5f) * cell.Size;
            if (cell.IsUpright)
                PictureFile.Text(
                    canvas, names[i], x, area.Bottom + 8 + cell.Letter, cell.Letter, new TextStyle(Palette.Ink, SKTextAlign.Center));
            else
                Turned(
                    canvas,
                    names[i],
                    new SKPoint(x + cell.Letter / 2, area.Bottom + 8),
                    cell.Letter,
                    new TextStyle(Palette.Ink, SKTextAlign.Right));
        }
    }

    private static void DrawAxes(SKCanvas canvas, SKRect area, float footRoom)
    {
        var style = new TextStyle(Palette.FaintInk, SKTextAlign.Center);
        PictureFile.Text(canvas, "predicted class", area.MidX, area.Bottom + footRoom - 4, 9, style);
        Turned(canvas, "true class", new SKPoint(Margin + 9, area.MidY), 9, style);
    }

    /// <summary>Lettering that reads upwards.</summary>
    private static void Turned(SKCanvas canvas, string text, SKPoint at, float letter, TextStyle style)
    {
        canvas.Save();
        canvas.Translate(at);
        canvas.RotateDegrees(-90);
        PictureFile.Text(canvas, text, 0, 0, letter, style);
        canvas.Restore();
    }
}
