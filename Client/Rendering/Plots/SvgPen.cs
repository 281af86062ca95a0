using System.Net;
using System.Text;
using ExplicitCluster.Client.Rendering.Pictures;
using SkiaSharp;

namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>Writes a plot as SVG. Lettering is the page's font, and colours are its variables, so that both follow the page into the dark.</summary>
internal sealed class SvgPen : IPlotPen
{
    /// <summary>Size of a font over the height of its capitals.</summary>
    private const float SizeOfCapital = 1.42f;

    private readonly StringBuilder _parts = new();

    public string ToElement(int width, int height, string title) =>
        FormattableString.Invariant($"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">{_parts}</svg>");

    public void Line(SKPoint from, SKPoint to, PlotInk ink) =>
        Add($"<line x1=\"{from.X:0.#}\" y1=\"{from.Y:0.#}\" x2=\"{to.X:0.#}\" y2=\"{to.Y:0.#}\" stroke=\"{ColorOf(ink)}\"/>");

    public void Curve(IReadOnlyList<SKPoint> points, PlotInk ink, bool isDashed)
    {
        var places = string.Join(' ', points.Select(point => FormattableString.Invariant($"{point.X:0.#},{point.Y:0.#}")));
        Add($"<polyline points=\"{places}\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"{ColorOf(ink)}\"{(isDashed ? " stroke-dasharray=\"5 4\"" : "")}/>");
    }

    public void Dot(SKPoint at, PlotInk ink, string hint) =>
        Add($"<circle cx=\"{at.X:0.#}\" cy=\"{at.Y:0.#}\" r=\"3.2\" fill=\"{ColorOf(ink)}\"><title>{WebUtility.HtmlEncode(hint)}</title></circle>");

    public void Text(string text, SKPoint at, float capHeight, PlotInk ink, SKTextAlign align = SKTextAlign.Left) =>
        Add($"<text x=\"{at.X:0.#}\" y=\"{at.Y:0.#}\" {StyleOf(capHeight, ink, align)}>{WebUtility.HtmlEncode(text)}</text>");

    public void UpwardText(string text, SKPoint at, float capHeight, PlotInk ink) =>
        Add($"<text transform=\"translate({at.X:0.#} {at.Y:0.#}) rotate(-90)\" {StyleOf(capHeight, ink, SKTextAlign.Center)}>{WebUtility.HtmlEncode(text)}</text>");

    private static string StyleOf(float capHeight, PlotInk ink, SKTextAlign align)
    {
        var anchor = align switch { SKTextAlign.Center => "middle", SKTextAlign.Right => "end", _ => "start" };
        var weight = ink == PlotInk.Text && capHeight > 9 ? " font-weight=\"600\"" : "";
        return FormattableString.Invariant($"fill=\"{ColorOf(ink)}\" font-size=\"{capHeight * SizeOfCapital:0.#}\" text-anchor=\"{anchor}\"{weight}");
    }

    private static string ColorOf(PlotInk ink) => ink switch
    {
        PlotInk.Text => $"var(--ink, {Hex(Palette.Ink)})",
        PlotInk.FaintText => $"var(--faint, {Hex(Palette.FaintInk)})",
        PlotInk.Rule => $"var(--rule, {Hex(Palette.Rule)})",
        _ => $"var(--series-{(int)ink % Palette.Series.Count}, {Hex(Palette.Series[(int)ink % Palette.Series.Count])})",
    };

    private static string Hex(SKColor color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    private void Add(FormattableString part) => _parts.Append(FormattableString.Invariant(part));
}
