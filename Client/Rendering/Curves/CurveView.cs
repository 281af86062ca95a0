using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering.Curves;

/// <summary>A learning curve as a table, with its verdict.</summary>
internal static class CurveView
{
    public static void Show(JobRecord record, CurveReport report, IAnsiConsole console)
    {
        var result = record.Result!;
        console.WriteLine($"{Figures.Count(report.TestRows)} test rows, K {Figures.Setting(report.K)}, alpha {Figures.Setting(report.Alpha)}{(result.Choice.IsEmpty ? "" : " (chosen by leave-one-out on all rows)")}");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var name in (string[])["data", "shards", "rows", "accuracy", "cross-entropy"])
            table.AddColumn(new TableColumn(new Text(name)) { NoWrap = true }.RightAligned());
        foreach (var point in report.Points)
        {
            table.AddRow(
                FormattableString.Invariant($"{100.0 * point.Rows / report.Points[^1].Rows:0.#} %"),
                Figures.Count(point.Shards),
                Figures.Count(point.Rows),
                Figures.Measure(point.Accuracy),
                Figures.Measure(point.CrossEntropy));
        }
        console.Write(table);
        foreach (var sentence in report.LeftOut)
            console.WriteLine($"left out: {sentence}");
        console.WriteLine(CurveVerdict.Of(report)?.Sentence ?? "One point makes no curve: give more shards, e.g. --set data.shardRows=600.");
        var seconds = result.Seconds;
        console.WriteLine($"{Figures.Seconds(seconds.Total)} in all: read {seconds.Read:0.00}, statistics {seconds.Statistics:0.00} ({Figures.Count(result.ReusedShards)} of {Figures.Count(result.Shards)} shards reused), reduce {seconds.Reduce:0.00}, choose {seconds.Solve:0.00}, evaluate {seconds.Evaluate:0.00}");
    }

    public static string JsonOf(JobRecord record, CurveReport report) => JsonText.Of(new
    {
        Job = record.Id,
        report.Name,
        record.Result!.Report,
        report.K,
        report.Alpha,
        report.TestRows,
        report.Points,
        report.LeftOut,
        Verdict = CurveVerdict.Of(report),
        record.Result.Shards,
        record.Result.ReusedShards,
        record.Result.Silos,
        record.Result.Seconds,
    });
}
