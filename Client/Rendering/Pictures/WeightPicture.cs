using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Pictures;

/// <summary>
/// Weights as pictures: blue is negative, white 0, red positive, on a scale symmetric around 0 that a bar at the side shows. What is not a
/// number is grey.
/// </summary>
public static class WeightPicture
{
    private const int Margin = 20;
    private const int TitleRoom = 30;
    private const int BarWidth = 14;
    private const int BarRoom = 84;
    private const int LeastBar = 120;
    private const float Letter = 11;
    private const float SmallLetter = 8;

    /// <summary>Draws one picture.</summary>
    /// <param name="path">Where to write the PNG; its folder is made.</param>
    /// <param name="values">(height, width), row-major.</param>
    /// <param name="width">Values across.</param>
    /// <param name="height">Values down.</param>
    /// <param name="title">One line above it, shortened where it does not fit.</param>
    /// <exception cref="ArgumentException">The values are not width x height.</exception>
    public static void Save(string path, ReadOnlySpan<double> values, int width, int height, string title)
    {
        var cells = values.ToArray();
        RequireSize(cells, width, height, title);
        var cell = CellOf(Math.Clamp(360 / Math.Max(width, height), 10, 48), width, height);
        var scale = ScaleOf(cells);
        var area = SKRect.Create(Margin, Margin + TitleRoom, width * cell, height * cell);
        var pictureHeight = Margin + TitleRoom + Math.Max(height * cell, LeastBar) + Margin;
        PictureFile.Save(path, (int)area.Right + BarRoom + Margin, pictureHeight, canvas =>
        {
            var shown = StrokeFont.Fit(title, Letter, area.Width + BarRoom);
            PictureFile.Text(canvas, shown, Margin, Margin + 14, Letter, new TextStyle(Palette.Ink, IsBold: true));
            DrawCells(canvas, cells, area, (width, cell), scale);
            DrawBar(canvas, SKRect.Create(area.Right + 18, area.Top, BarWidth, Math.Clamp(area.Height, LeastBar, 400)), scale);
        });
    }

    /// <summary>Draws pictures of one size on a sheet, all on the same scale.</summary>
    /// <param name="path">Where to write the PNG; its folder is made.</param>
    /// <param name="pictures">Titles and values, each (height, width), row-major.</param>
    /// <param name="width">Values across.</param>
    /// <param name="height">Values down.</param>
    /// <exception cref="ArgumentException">There is no picture, or one is not width x height.</exception>
    public static void SaveSheet(string path, IReadOnlyList<(string Title, double[] Values)> pictures, int width, int height)
    {
        if (pictures.Count == 0)
            throw new ArgumentException($"The sheet {path} has no picture; give at least one.", nameof(pictures));
        foreach (var (title, values) in pictures)
            RequireSize(values, width, height, title);
        var across = Math.Min(pictures.Count, (int)Math.Ceiling(Math.Sqrt(pictures.Count * 2.2 * height / width)));
        var down = (pictures.Count + across - 1) / across;
        var cell = CellOf(Math.Clamp(200 / Math.Max(width, height), 2, 40), width * across, height * down);
        var scale = ScaleOf(pictures.SelectMany(picture => picture.Values));
        var (stepX, stepY) = (width * cell + Margin, height * cell + TitleRoom);
        var right = Margin + across * stepX;
        var bottom = Math.Max(Margin + down * stepY, Margin + TitleRoom + LeastBar);
        PictureFile.Save(path, right + BarRoom, bottom + Margin, canvas =>
        {
            for (var i = 0; i < pictures.Count; i++)
            {
                var area = SKRect.Create(Margin + i % across * stepX, Margin + i / across * stepY + TitleRoom - 6, width * cell, height * cell);
                var title = StrokeFont.Fit(pictures[i].Title, Letter - 1, area.Width);
                PictureFile.Text(canvas, title, area.Left, area.Top - 7, Letter - 1, new TextStyle(Palette.Ink, IsBold: true));
                DrawCells(canvas, pictures[i].Values, area, (width, cell), scale);
            }
            DrawBar(canvas, SKRect.Create(right, Margin + TitleRoom - 6, BarWidth, Math.Max(LeastBar, Math.Min(height * cell, 400))), scale);
        });
    }

    private static void RequireSize(double[] values, int width, int height, string title)
    {
        if (width < 1 || height < 1 || values.Length != (long)width * height)
            throw new ArgumentException(
                $"The picture '{title}' has {values.Length} values; {width} x {height} were expected.", nameof(values));
    }

    /// <summary>The size wished, or the largest that keeps the picture within what can be drawn.</summary>
    private static int CellOf(int wished, int across, int down) =>
        Math.Max(1, Math.Min(wished, PictureFile.MostPixels / Math.Max(across, down)));

    private static double ScaleOf(IEnumerable<double> values)
    {
        var largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest > 0 ? largest : 1;
    }

    private static void DrawCells(SKCanvas canvas, double[] values, SKRect area, (int Width, int Cell) grid, double scale)
    {
        using var paint = new SKPaint();
        for (var i = 0; i < values.Length; i++)
        {
            paint.Color = Palette.Diverging(values[i] / scale);
            canvas.DrawRect(
                SKRect.Create(area.Left + i % grid.Width * grid.Cell, area.Top + i / grid.Width * grid.Cell, grid.Cell, grid.Cell), paint);
        }
        PictureFile.Frame(canvas, area);
    }

    private static void DrawBar(SKCanvas canvas, SKRect bar, double scale)
    {
        for (var y = 0; y < bar.Height; y++)
            PictureFile.Fill(canvas, SKRect.Create(bar.Left, bar.Top + y, bar.Width, 1), Palette.Diverging(1 - 2 * y / (bar.Height - 1)));
        PictureFile.Frame(canvas, bar);
        foreach (var share in (double[])[1, .5, 0, -.5, -1])
        {
            var y = (float)(bar.Top + (1 - share) / 2 * bar.Height);
            PictureFile.Line(canvas, new SKPoint(bar.Right + 1, y), new SKPoint(bar.Right + 5, y), Palette.FaintInk);
            PictureFile.Text(
                canvas, LabelOf(share * scale), bar.Right + 9, y + SmallLetter / 2, SmallLetter, new TextStyle(Palette.FaintInk));
        }
    }

    private static string LabelOf(double value) =>
        value == 0 ? "0" : (value > 0 ? "+" : "") + value.ToString(Math.Abs(value) is >= .01 and < 1000 ? "G3" : "0.#e+0");
}
