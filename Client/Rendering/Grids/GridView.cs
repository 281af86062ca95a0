using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering.Grids;

/// <summary>What came of a grid: the best of every group and prior, and the best settings of all, leave-one-out and folds side by side.</summary>
internal static class GridView
{
    private const int Shown = 12;

    private static readonly Style Best = new(Color.Green, decoration: Decoration.Bold);

    public static void Show(JobRecord record, GridReport report, IAnsiConsole console)
    {
        var result = record.Result!;
        console.WriteLine($"{Figures.Count(report.Settings.Length)} settings on {Figures.Count(report.Rows)} rows, {report.FoldRows.Length} folds of {Figures.Count(report.FoldRows.Min())} to {Figures.Count(report.FoldRows.Max())} rows");
        var kinds = BestOfEachKind(report);
        if (kinds.Count > 1)
        {
            console.WriteLine("the best of every group of features and prior:");
            console.Write(TableOf(report, kinds));
        }
        console.WriteLine($"the best settings of all (* least leave-one-out, + least mean over folds; cross-entropy in nats a row, folds with their standard deviation):");
        console.Write(TableOf(report, [.. InOrder(report, Enumerable.Range(0, report.Settings.Length)).Take(Shown)]));
        if (report.Settings.Length > Shown)
            console.WriteLine($"the best {Shown} of {Figures.Count(report.Settings.Length)}; --json has all, --report FOLDER a heat map");
        var seconds = result.Seconds;
        console.WriteLine($"{Figures.Seconds(seconds.Total)} in all: read {seconds.Read:0.00}, statistics {seconds.Statistics:0.00} ({Figures.Count(result.ReusedShards)} of {Figures.Count(result.Shards)} shards reused), reduce {seconds.Reduce:0.00}, score {seconds.Evaluate:0.00}");
    }

    public static string JsonOf(JobRecord record, GridReport report) => JsonText.Of(new
    {
        Job = record.Id,
        report.Name,
        record.Result!.Report,
        report.Rows,
        report.Labels,
        report.FoldRows,
        report.Groups,
        report.BestLeftOut,
        report.BestFolds,
        report.Settings,
        record.Result.Shards,
        record.Result.ReusedShards,
        record.Result.Silos,
        Seconds = new { record.Result.Seconds.Total, record.Result.Seconds.Read, record.Result.Seconds.Statistics, record.Result.Seconds.Reduce, Score = record.Result.Seconds.Evaluate },
    });

    /// <summary>What a setting's prior is called.</summary>
    public static string PriorOf(GridSettingReport setting) =>
        setting.Prior == GridPrior.Uniform ? "uniform" : setting.Beta == 0 ? "observed" : $"observed, beta {Figures.Setting(setting.Beta)}";

    /// <summary>The best setting of every group and prior, the best first.</summary>
    public static List<int> BestOfEachKind(GridReport report) =>
    [
        .. InOrder(report, Enumerable.Range(0, report.Settings.Length)
            .GroupBy(i => (report.Settings[i].Group, report.Settings[i].Prior, report.Settings[i].Beta))
            .Select(kind => InOrder(report, kind).First())),
    ];

    private static IEnumerable<int> InOrder(GridReport report, IEnumerable<int> settings) =>
        settings.OrderBy(i => (report.Settings[i].LeftOut ?? report.Settings[i].Folds).CrossEntropy).ThenBy(i => report.Settings[i].K).ThenBy(i => report.Settings[i].Alpha);

    private static Table TableOf(GridReport report, List<int> settings)
    {
        var (groups, priors) = (report.Groups.Length > 1, settings.Select(i => PriorOf(report.Settings[i])).Distinct().Count() > 1);
        var table = new Table { Border = TableBorder.Rounded };
        if (groups)
            table.AddColumn("features");
        if (priors)
            table.AddColumn("prior");
        foreach (var name in (string[])["K", "alpha", "leave-one-out", "accuracy", "folds", "accuracy"])
            table.AddColumn(new TableColumn(new Text(name)) { NoWrap = true }.RightAligned());
        foreach (var i in settings)
        {
            var setting = report.Settings[i];
            var style = i == report.BestLeftOut || i == report.BestFolds ? Best : Style.Plain;
            var cells = new List<Text>();
            if (groups)
                cells.Add(new Text(report.Groups[setting.Group].Name, style));
            if (priors)
                cells.Add(new Text(PriorOf(setting), style));
            cells.Add(new Text(Figures.Setting(setting.K), style));
            cells.Add(new Text(Figures.Setting(setting.Alpha), style));
            cells.Add(new Text($"{(i == report.BestLeftOut ? "*" : "")}{Figures.Measure(setting.LeftOut?.CrossEntropy ?? double.NaN)}", style));
            cells.Add(new Text(Figures.Measure(setting.LeftOut?.Accuracy ?? double.NaN), style));
            cells.Add(new Text($"{(i == report.BestFolds ? "+" : "")}{Spread(setting.Folds.CrossEntropy, setting.Deviation.CrossEntropy)}", style));
            cells.Add(new Text(Spread(setting.Folds.Accuracy, setting.Deviation.Accuracy), style));
            table.AddRow(cells);
        }
        return table;
    }

    private static string Spread(double mean, double deviation) => $"{Figures.Measure(mean)} ± {Figures.Measure(deviation)}";
}
