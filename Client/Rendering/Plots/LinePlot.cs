using ExplicitCluster.Client.Rendering.Pictures;
using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>Lines over two axes, with a title and a legend: as PNG for a file, as SVG for a page, from one drawing.</summary>
public sealed record LinePlot(string Title, PlotAxis X, PlotAxis Y, IReadOnlyList<PlotSeries> Series)
{
    /// <summary>Units across and down; a pixel of a PNG is half a unit.</summary>
    public const int Width = 560;
    public const int Height = 330;

    private const float TitleLetter = 10;
    private const float Letter = 8;
    private const float LegendStep = 18;
    private const int MostDots = 60;

    /// <summary>PNG bytes, on white.</summary>
    public byte[] ToPng() => PlotSheet.ToPng("", [this], across: 1);

    /// <summary>An svg element for a page; colours are the page's (<c>--ink</c>, <c>--faint</c>, <c>--rule</c>, <c>--series-N</c>) and have defaults.</summary>
    public string ToSvg()
    {
        var pen = new SvgPen();
        Draw(pen);
        return pen.ToElement(Width, Height, Title);
    }

    internal void Draw(IPlotPen pen)
    {
        pen.Text(StrokeFont.Fit(Title, TitleLetter, Width - 24), new SKPoint(12, 22), TitleLetter, PlotInk.Text);
        var top = 34 + DrawLegend(pen, 40);
        var y = new PlotScale(Y, Values(point => point.Y), 6);
        var left = 30 + Letter + y.Ticks.Select(tick => StrokeFont.Measure(tick.Label, Letter)).DefaultIfEmpty(0).Max();
        var area = new SKRect(left, top, Width - 18, Height - 46);
        var x = new PlotScale(X, Values(point => point.X), 8);
        DrawAxes(pen, area, x, y);
        for (var i = 0; i < Series.Count; i++)
            DrawSeries(pen, area, (x, y), Series[i], PlotInk.Series + i);
    }

    private IEnumerable<double> Values(Func<(double X, double Y), double> part) => Series.SelectMany(series => series.Points).Select(part);

    /// <summary>Names in rows below the title; gives the height that they take.</summary>
    private float DrawLegend(IPlotPen pen, float top)
    {
        if (Series.All(series => series.Name.Length == 0))
            return 0;
        var (left, line) = (12f, 0);
        for (var i = 0; i < Series.Count; i++)
        {
            var name = StrokeFont.Fit(Series[i].Name, Letter, Width - 60);
            var width = 30 + StrokeFont.Measure(name, Letter) * 1.06f + 22;
            if (left > 12 && left + width > Width)
                (left, line) = (12, line + 1);
            var y = top + line * LegendStep;
            pen.Curve([new SKPoint(left, y), new SKPoint(left + 22, y)], PlotInk.Series + i, Series[i].IsDashed);
            pen.Text(name, new SKPoint(left + 30, y + Letter / 2), Letter, PlotInk.Text);
            left += width;
        }
        return (line + 1) * LegendStep;
    }

    private void DrawAxes(IPlotPen pen, SKRect area, PlotScale x, PlotScale y)
    {
        foreach (var (value, label) in y.Ticks)
        {
            var at = (float)(area.Bottom - y.PlaceOf(value) * area.Height);
            pen.Line(new SKPoint(area.Left, at), new SKPoint(area.Right, at), PlotInk.Rule);
            pen.Text(label, new SKPoint(area.Left - 7, at + Letter / 2), Letter, PlotInk.FaintText, SKTextAlign.Right);
        }
        foreach (var (value, label) in x.Ticks)
        {
            var at = (float)(area.Left + x.PlaceOf(value) * area.Width);
            pen.Line(new SKPoint(at, area.Bottom), new SKPoint(at, area.Bottom + 5), PlotInk.FaintText);
            pen.Text(label, new SKPoint(at, area.Bottom + 8 + Letter), Letter, PlotInk.FaintText, SKTextAlign.Center);
        }
        pen.Line(new SKPoint(area.Left, area.Bottom), new SKPoint(area.Right, area.Bottom), PlotInk.FaintText);
        pen.Text(X.Title, new SKPoint(area.MidX, Height - 10), Letter, PlotInk.FaintText, SKTextAlign.Center);
        pen.UpwardText(Y.Title, new SKPoint(16, area.MidY), Letter, PlotInk.FaintText);
    }

    private void DrawSeries(IPlotPen pen, SKRect area, (PlotScale X, PlotScale Y) scale, PlotSeries series, PlotInk ink)
    {
        var run = new List<SKPoint>();
        foreach (var (x, y) in series.Points.Append((double.NaN, double.NaN)))
        {
            if (scale.X.IsShown(x) && scale.Y.IsShown(y))
            {
                run.Add(PlaceOf(x, y));
                continue;
            }
            if (run.Count > 1)
                pen.Curve([.. run], ink, series.IsDashed);
            run.Clear();
        }
        if (series.Points.Count > MostDots)
            return;
        foreach (var (x, y) in series.Points.Where(point => scale.X.IsShown(point.X) && scale.Y.IsShown(point.Y)))
            pen.Dot(PlaceOf(x, y), ink, FormattableString.Invariant($"{(series.Name.Length == 0 ? Title : series.Name)}: {y:0.######} at {X.Title} {x:0.####}"));

        SKPoint PlaceOf(double x, double y) =>
            new((float)(area.Left + scale.X.PlaceOf(x) * area.Width), (float)(area.Bottom - scale.Y.PlaceOf(y) * area.Height));
    }
}
