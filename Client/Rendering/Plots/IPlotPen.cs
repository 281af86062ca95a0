using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>What a plot is drawn with; coordinates in units of the plot, y down.</summary>
internal interface IPlotPen
{
    void Line(SKPoint from, SKPoint to, PlotInk ink);

    void Curve(IReadOnlyList<SKPoint> points, PlotInk ink, bool isDashed);

    /// <param name="at">Its middle.</param>
    /// <param name="ink">Its colour.</param>
    /// <param name="hint">What a pointer over it is told, where there is one.</param>
    void Dot(SKPoint at, PlotInk ink, string hint);

    /// <summary>A line of lettering on a baseline that starts, is centred or ends at a point.</summary>
    void Text(string text, SKPoint at, float capHeight, PlotInk ink, SKTextAlign align = SKTextAlign.Left);

    /// <summary>A line of lettering centred around a point and read upwards.</summary>
    void UpwardText(string text, SKPoint at, float capHeight, PlotInk ink);
}
