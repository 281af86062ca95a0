using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>The grid of K and alpha that leave-one-out or held-out rows chose from: K down, alpha across, the chosen one marked.</summary>
public static class ChoiceView
{
    private const int MostAcross = 7;
    private const int BestOfMany = 12;

    public static void Show(JobResult result, IAnsiConsole console)
    {
        var alphas = result.Choice.Select(point => point.Alpha).Distinct().Order().ToArray();
        console.WriteLine($"{(result.ChosenOnHeldOut ? "held-out" : "leave-one-out")} cross-entropy, nats a row (* chosen):");
        if (alphas.Length <= MostAcross && result.Groups.IsEmpty) // every alpha has K of its own for the groups
        {
            console.Write(Rectangle(result, alphas));
            return;
        }
        console.Write(BestOnes(result));
        if (result.Choice.Length > BestOfMany)
            console.WriteLine($"the best {BestOfMany} of {Figures.Count(result.Choice.Length)}");
    }

    private static Table Rectangle(JobResult result, double[] alphas)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text(alphas.Length > 1 ? "K \\ alpha" : "K")).RightAligned());
        foreach (var alpha in alphas)
        {
            var name = alphas.Length > 1 ? Figures.Setting(alpha) : $"alpha {Figures.Setting(alpha)}";
            table.AddColumn(new TableColumn(new Text(name)) { NoWrap = true }.RightAligned());
        }
        foreach (var line in result.Choice.GroupBy(point => point.K).OrderBy(line => line.Key))
        {
            var cells = alphas.Select(alpha => Cell(line.FirstOrDefault(point => point.Alpha == alpha), result));
            table.AddRow([new Text(Figures.Setting(line.Key)), .. cells]);
        }
        return table;
    }

    private static Table BestOnes(JobResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var name in (string[])[result.Groups.IsEmpty ? "K" : "sum of K", "alpha", "nats a row"])
            table.AddColumn(new TableColumn(new Text(name)).RightAligned());
        var best = result.Choice.OrderBy(point => double.IsNaN(point.CrossEntropy) ? double.PositiveInfinity : point.CrossEntropy);
        foreach (var point in best.Take(BestOfMany))
            table.AddRow(new Text(result.Groups.IsEmpty ? Figures.Setting(point.K) : Figures.Measure(point.K)), new Text(Figures.Setting(point.Alpha)), Cell(point, result));
        return table;
    }

    private static Text Cell(GridPoint? point, JobResult result)
    {
        if (point is null)
            return Text.Empty;
        var isChosen = point.K == result.K && point.Alpha == result.Alpha;
        return isChosen
            ? new Text("*" + Figures.Measure(point.CrossEntropy), new Style(Color.Green, decoration: Decoration.Bold))
            : new Text(Figures.Measure(point.CrossEntropy));
    }
}
