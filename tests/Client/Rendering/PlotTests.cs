using System.Xml.Linq;
using ExplicitCluster.Client.Rendering.Html;
using ExplicitCluster.Client.Rendering.Plots;
using SkiaSharp;

namespace ExplicitCluster.Client.Tests.Rendering;

public sealed class PlotTests
{
    private static readonly PlotAxis Rounds = new("round") { IsWhole = true };
    private static readonly PlotAxis Loss = new("cross-entropy (nats a row)");

    private static LinePlot Sample => new("loss <a round>", Rounds, Loss,
    [
        new PlotSeries("train", [(0, .84), (1, .61), (2, .53), (3, .5)]),
        new PlotSeries("test & more", [(0, .86), (1, double.NaN), (2, .55), (3, .52)]) { IsDashed = true },
    ]);

    [Fact]
    public void A_png_has_two_pixels_a_unit_and_the_colours_of_its_lines()
    {
        using var picture = SKBitmap.Decode(Sample.ToPng());
        Assert.Equal((2 * LinePlot.Width, 2 * LinePlot.Height), (picture.Width, picture.Height));
        Assert.Equal(SKColors.White, picture.GetPixel(2, 2));
        Assert.Contains(new SKColor(0x35, 0x78, 0xB5), picture.Pixels);
        Assert.Contains(new SKColor(0xD9, 0x6A, 0x1D), picture.Pixels);
    }

    [Fact]
    public void An_svg_has_axes_with_units_a_legend_and_every_figure_and_a_gap_where_one_is_missing()
    {
        var svg = XElement.Parse(Sample.ToSvg());
        var texts = svg.Elements("text").Select(text => text.Value).ToList();
        foreach (var expected in (string[])["loss <a round>", "round", "cross-entropy (nats a row)", "train", "test & more", "0", "1", "2", "3", "0.6", "0.8"])
            Assert.Contains(expected, texts);
        var hints = svg.Elements("circle").Select(dot => dot.Element("title")!.Value).ToList();
        Assert.Equal(7, hints.Count);
        Assert.Contains("test & more: 0.52 at round 3", hints);
        Assert.Equal(2 + 2, svg.Elements("polyline").Count()); // a key each, the whole first line, and the second from 2 to 3
    }

    [Fact]
    public void One_point_none_equal_points_and_a_logarithmic_axis_are_drawn_within_the_plot()
    {
        var wide = new PlotAxis("rows") { IsLogarithmic = true };
        LinePlot[] plots =
        [
            new("none", Rounds, Loss, []),
            new("one", Rounds, Loss, [new PlotSeries("a", [(1, .2545)])]),
            new("equal", Rounds, new PlotAxis("seconds") { Includes = 0 }, [new PlotSeries("a", [(1, 0), (2, 0)])]),
            new("wide", wide, wide, [new PlotSeries("a", [(10, 1e-6), (60_000, 3), (0, 0)])]),
        ];
        foreach (var plot in plots)
        {
            foreach (var dot in XElement.Parse(plot.ToSvg()).Elements("circle"))
            {
                Assert.InRange((double)dot.Attribute("cx")!, 0, LinePlot.Width);
                Assert.InRange((double)dot.Attribute("cy")!, 0, LinePlot.Height);
            }
        }
        using var sheet = SKBitmap.Decode(PlotSheet.ToPng("four", plots, across: 2));
        Assert.Equal(4 * LinePlot.Width, sheet.Width);
    }

    [Fact]
    public void Ticks_do_not_crowd_whatever_the_range()
    {
        foreach (var most in (double[])[1e-9, .003, 1, 7, 60_000, 1e12])
        {
            var svg = XElement.Parse(new LinePlot("", Rounds, new PlotAxis("y"), [new PlotSeries("a", [(1, 0), (1_000, most)])]).ToSvg());
            var labels = svg.Elements("text").Where(text => (string?)text.Attribute("text-anchor") == "end").Select(text => text.Value).ToList();
            Assert.InRange(labels.Count, 2, 8);
            Assert.Equal(labels.Count, labels.Distinct().Count());
        }
    }

    [Fact]
    public void A_page_escapes_all_text_and_needs_nothing_from_outside()
    {
        var page = new HtmlPage("a <b> & \"c\"")
            .Section("<script>alert(1)</script>").Text("x < y")
            .Table(new HtmlTable(["", "rows <"], [["<i>", new HtmlCell("<u>", .5)]]), "cap & tion")
            .Table(HtmlTable.OfFacts(("k < 1", "v > 2")))
            .Drawings(Sample.ToSvg())
            .Pictures("p <", [(Sample.ToPng(), "c <")], 28)
            .ToString();
        foreach (var tag in (string[])["<script", "<b>", "<i>", "<u>", "http:", "https:", "url(", "@import", "<link"])
            Assert.DoesNotContain(tag, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
    }
}
