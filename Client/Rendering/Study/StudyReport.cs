using System.Text;
using ExplicitCluster.Client.Rendering.Html;
using ExplicitCluster.Client.Study;

namespace ExplicitCluster.Client.Rendering.Study;

/// <summary>Writes a study into a folder: figures as JSON, tables as Markdown, plots as PNG, and a page with all of it.</summary>
internal static class StudyReport
{
    private const string Note = "Losses are cross-entropies in nats a row. Distance and cosine are to the explicit solution. The gradient is that of the mean loss of all training rows.";

    /// <returns>The files, the page first.</returns>
    public static IReadOnlyList<string> Write(string folder, StudyFigures figures, IReadOnlyList<StudyVerdict> verdicts)
    {
        var plots = StudyPlots.All(figures);
        var files = new List<(string Name, byte[] Content)>
        {
            ("report.html", Encoding.UTF8.GetBytes(Page(figures, verdicts))),
            ("report.md", Encoding.UTF8.GetBytes(Markdown(figures, verdicts))),
            ("study.json", Encoding.UTF8.GetBytes(StudyView.JsonOf(figures, verdicts) + "\n")),
        };
        files.AddRange(plots.Select(plot => (plot.File, plot.Plot.ToPng())));
        foreach (var (name, content) in files)
            WholeFile.Write(Path.Combine(folder, name), content);
        return [.. files.Select(file => Path.Combine(folder, file.Name))];
    }

    private static string Page(StudyFigures figures, IReadOnlyList<StudyVerdict> verdicts)
    {
        var page = new HtmlPage(StudyTables.Title(figures))
            .Table(HtmlTable.OfFacts(StudyTables.Facts(figures)))
            .Section("verdicts")
            .Table(HtmlTable.OfFacts(verdicts.Select(verdict => (NameOf(verdict), $"{Words.Of(verdict.Outcome)}: {verdict.Reason}"))))
            .Section("plots")
            .Drawings(StudyPlots.All(figures).Select(plot => plot.Plot.ToSvg()))
            .Section("figures")
            .Text(Note);
        foreach (var table in StudyTables.All(figures))
            page.Table(new HtmlTable(table.Columns, [.. table.Rows.Select(row => (IReadOnlyList<HtmlCell>)[.. row.Select(cell => (HtmlCell)cell)])]), table.Title);
        return page
            .Section("rules")
            .Text("Every start is taken at the rate that suits it best, by the figure that is compared.")
            .Table(HtmlTable.OfFacts(RulesOf(verdicts)))
            .ToString();
    }

    private static string Markdown(StudyFigures figures, IReadOnlyList<StudyVerdict> verdicts)
    {
        var text = new StringBuilder($"# {StudyTables.Title(figures)}\n\n");
        Append(text, new StudyTable("", ["", ""], [.. StudyTables.Facts(figures).Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value])]));
        text.Append($"{Note}\n\n");
        foreach (var table in StudyTables.All(figures).Prepend(StudyTables.Verdicts(verdicts)))
            Append(text, table);
        Append(text, new StudyTable("rules", ["claim", "rule"], [.. RulesOf(verdicts).Select(rule => (IReadOnlyList<string>)[rule.Claim, rule.Rule])]));
        return text.ToString();
    }

    private static void Append(StringBuilder text, StudyTable table)
    {
        if (table.Title.Length > 0)
            text.Append($"## {table.Title}\n\n");
        Line(text, table.Columns);
        Line(text, table.Columns.Select(_ => "---"));
        foreach (var row in table.Rows)
            Line(text, row);
        text.Append('\n');
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) =>
        text.Append($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");

    private static string NameOf(StudyVerdict verdict) => verdict.Part is { } part ? $"{verdict.Claim} ({Words.Of(part)} rows)" : verdict.Claim;

    private static IEnumerable<(string Claim, string Rule)> RulesOf(IReadOnlyList<StudyVerdict> verdicts) => verdicts.Select(verdict => (verdict.Claim, verdict.Rule)).Distinct();
}
