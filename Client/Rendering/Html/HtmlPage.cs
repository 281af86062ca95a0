using System.Net;
using System.Text;

namespace ExplicitCluster.Client.Rendering.Html;

/// <summary>
/// A page that is one file: style and pictures are within it, and nothing is fetched from anywhere. Readable in light and dark, on narrow windows
/// and on paper. All text is escaped.
/// </summary>
public sealed class HtmlPage(string title)
{
    private readonly StringBuilder _body = new();
    private readonly List<string> _sections = [];

    public HtmlPage Section(string name)
    {
        _sections.Add(name);
        _body.Append($"<h2 id=\"s{_sections.Count}\">{Escape(name)}</h2>\n");
        return this;
    }

    public HtmlPage Text(string paragraph)
    {
        _body.Append($"<p>{Escape(paragraph)}</p>\n");
        return this;
    }

    /// <param name="table">What it shows.</param>
    /// <param name="caption">A line above it; null for none.</param>
    public HtmlPage Table(HtmlTable table, string? caption = null)
    {
        if (caption is not null)
            _body.Append($"<p class=\"caption\">{Escape(caption)}</p>\n");
        _body.Append($"<div class=\"scroll\"><table{(table.Columns.Count == 0 ? " class=\"facts\"" : "")}>\n");
        if (table.Columns.Count > 0)
            _body.Append($"<thead><tr>{string.Concat(table.Columns.Select((column, i) => $"<th scope=\"col\"{ClassOf(table, i)}>{Escape(column)}</th>"))}</tr></thead>\n");
        _body.Append("<tbody>\n");
        foreach (var row in table.Rows)
            _body.Append($"<tr><th scope=\"row\">{Escape(row[0].Text)}</th>{string.Concat(row.Skip(1).Select((cell, i) => CellOf(cell, ClassOf(table, i + 1))))}</tr>\n");
        _body.Append("</tbody></table></div>\n");
        return this;
    }

    /// <summary>Drawings beside each other where the window is wide enough.</summary>
    /// <param name="svgs">Elements as <see cref="Plots.LinePlot.ToSvg"/> gives them.</param>
    public HtmlPage Drawings(params IEnumerable<string> svgs)
    {
        _body.Append($"<div class=\"drawings\">{string.Concat(svgs.Select(svg => $"<figure>{svg}</figure>"))}</div>\n");
        return this;
    }

    /// <summary>One row of small pictures with a name before it and a line below each.</summary>
    /// <param name="name">What the row is.</param>
    /// <param name="pictures">PNG files and their captions.</param>
    /// <param name="width">How wide to show each, CSS pixels; pictures of weights are smaller and are enlarged in whole cells.</param>
    public HtmlPage Pictures(string name, IEnumerable<(byte[] Png, string Caption)> pictures, int width)
    {
        _body.Append($"<div class=\"pictures\"><h3>{Escape(name)}</h3>");
        foreach (var (png, caption) in pictures)
            _body.Append($"<figure><img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" alt=\"{Escape($"{name}: {caption}")}\" style=\"width:{width}px\"><figcaption>{Escape(caption)}</figcaption></figure>");
        _body.Append("</div>\n");
        return this;
    }

    /// <summary>The document.</summary>
    public override string ToString()
    {
        var contents = _sections.Count < 3 ? "" : $"<nav>{string.Concat(_sections.Select((name, i) => $"<a href=\"#s{i + 1}\">{Escape(name)}</a>"))}</nav>\n";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Escape(title)}</title>
            <style>
            {HtmlStyle.Text}
            </style>
            </head>
            <body>
            <main>
            <h1>{Escape(title)}</h1>
            {contents}{_body}</main>
            </body>
            </html>

            """;
    }

    private static string CellOf(HtmlCell cell, string style) => cell.Shade > 0
        ? FormattableString.Invariant($"<td class=\"shaded\" style=\"--shade:{Math.Min(cell.Shade, 1) * 100:0}%\">{Escape(cell.Text)}</td>")
        : $"<td{style}>{Escape(cell.Text)}</td>";

    private static string ClassOf(HtmlTable table, int column) => table.TextColumns.Contains(column) ? " class=\"text\"" : "";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
