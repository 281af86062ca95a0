using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Which classes are taken for which: the whole table where it fits the console, otherwise the most frequent mistakes.</summary>
public static class ConfusionView
{
    private const int LongestLabel = 12;
    private const int MostInMatrix = 40;
    private const int MostMistakes = 15;

    /// <param name="labels">Names of the C classes; numbers stand in where there are none.</param>
    /// <param name="report">Its confusion matrix is (C, C), row-major, true class by predicted class.</param>
    /// <param name="rows">Which rows were evaluated, in a word.</param>
    /// <param name="console">Where to write; its width decides the form.</param>
    public static void Show(IReadOnlyList<string> labels, EvaluationReport report, string rows, IAnsiConsole console)
    {
        var classes = (int)Math.Sqrt(report.Confusion.Length);
        if (classes == 0)
            return;
        var names = Enumerable.Range(0, classes).Select(index => index < labels.Count ? labels[index] : $"{index}").ToArray();
        var cell = Math.Max(Figures.Count(report.Confusion.Max()).Length, Math.Min(5, names.Max(name => name.Length)));
        IRenderable? matrix = classes > MostInMatrix ? null : Matrix(names, report, cell);
        if (matrix?.Measure(RenderOptions.Create(console), int.MaxValue).Max <= console.Profile.Width)
        {
            console.WriteLine($"confusion on {rows}, true class down, predicted across:");
            console.Write(matrix);
            return;
        }
        console.WriteLine($"most frequent mistakes on {rows}:");
        console.Write(Mistakes(names, report));
    }

    private static Table Matrix(string[] names, EvaluationReport report, int cell)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(Column("true"));
        foreach (var name in names)
            table.AddColumn(Column(Words.Short(name, cell)).RightAligned().PadLeft(0));
        table.AddColumn(Column("found").RightAligned());
        for (var truth = 0; truth < names.Length; truth++)
        {
            var counts = report.Confusion.AsSpan(truth * names.Length, names.Length).ToArray();
            var cells = counts.Select((count, predicted) =>
                new Text(count == 0 ? "." : Figures.Count(count), StyleOf(count, truth == predicted)));
            var all = counts.Sum();
            var found = new Text(all == 0 ? "-" : $"{(double)counts[truth] / all:0.000}");
            table.AddRow([new Text(Words.Short(names[truth], LongestLabel)), .. cells, found]);
        }
        return table;
    }

    private static Table Mistakes(string[] names, EvaluationReport report)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("true")));
        table.AddColumn(new TableColumn(new Text("taken for")));
        table.AddColumn(new TableColumn(new Text("rows")).RightAligned());
        var mistakes = report.Confusion
            .Select((count, cell) => (Count: count, Truth: cell / names.Length, Predicted: cell % names.Length))
            .Where(cell => cell.Count > 0 && cell.Truth != cell.Predicted)
            .OrderByDescending(cell => cell.Count)
            .Take(MostMistakes);
        foreach (var (count, truth, predicted) in mistakes)
            table.AddRow(new Text(Words.Short(names[truth], 24)), new Text(Words.Short(names[predicted], 24)), new Text(Figures.Count(count)));
        return table;
    }

    private static TableColumn Column(string name) => new TableColumn(new Text(name)) { NoWrap = true }.PadRight(0);

    private static Style StyleOf(long count, bool isRight) => isRight
        ? new Style(Color.Green, decoration: Decoration.Bold)
        : count == 0 ? new Style(decoration: Decoration.Dim) : Style.Plain;
}
