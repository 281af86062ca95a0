using ExplicitCluster.Client.Study;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering.Study;

/// <summary>A study on the console: for people its ends and its verdicts, for machines everything.</summary>
internal static class StudyView
{
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Faint = new(decoration: Decoration.Dim);

    public static void Show(StudyFigures figures, IReadOnlyList<StudyVerdict> verdicts, IReadOnlyList<string> files, IAnsiConsole console)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn());
        foreach (var (name, value) in StudyTables.Facts(figures))
            facts.AddRow(new Text(name, Faint), Words.Of(value));
        console.Write(facts);
        foreach (var table in StudyTables.All(figures))
            Show(table, console);
        var lines = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn());
        foreach (var verdict in verdicts)
        {
            var rows = verdict.Part is { } part ? $" ({Words.Of(part)} rows)" : "";
            lines.AddRow(new Text(Words.Of(verdict.Outcome), Strong), Words.Of($"{verdict.Claim}{rows}: {verdict.Reason}"));
        }
        console.Write(lines);
        console.Profile.Out.Writer.WriteLine($"report: {files[0]}, and {files.Count - 1} files beside it");
    }

    /// <summary>One document: figures, verdicts and their rules.</summary>
    public static string JsonOf(StudyFigures figures, IReadOnlyList<StudyVerdict> verdicts) => JsonText.Of(new { Study = figures, Verdicts = verdicts });

    private static void Show(StudyTable study, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(study.Title)) };
        foreach (var column in study.Columns)
            table.AddColumn(new TableColumn(new Text(column)) { Alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right });
        foreach (var row in study.Rows)
            table.AddRow(row.Select(Words.Of));
        console.Write(table);
    }
}
