using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Jobs as a table.</summary>
internal static class ListView
{
    public static void Show(IReadOnlyList<JobRecord> records, IAnsiConsole console)
    {
        if (records.Count == 0)
        {
            console.WriteLine("no jobs yet: start one with 'explicit train SPEC'");
            return;
        }
        var table = new Table().RoundedBorder().AddColumns("job", "name", "status", "seconds", "test\naccuracy", "test cross-\nentropy");
        table.Columns[0].NoWrap();
        foreach (var record in records)
        {
            table.AddRow(
                record.Id,
                Markup.Escape(record.Specification.Name),
                record.Status == JobStatus.Done ? StatusOf(record.Status) : $"{StatusOf(record.Status)} in {record.Stage.ToString().ToLowerInvariant()}",
                record.Ended is { } ended ? $"{(ended - record.Started).TotalSeconds:0.00}" : "",
                record.Result?.Test is { } test ? $"{test.Accuracy:0.0000}" : "",
                record.Result?.Test is { } tested ? $"{tested.CrossEntropy:0.0000}" : "");
        }
        console.Write(table);
    }

    public static string JsonOf(IReadOnlyList<JobRecord> records) => JsonText.Of(records.Select(record => new
    {
        Job = record.Id,
        record.Specification.Name,
        record.Status,
        record.Stage,
        record.Started,
        record.Ended,
        record.Result?.Model,
        TestAccuracy = record.Result?.Test?.Accuracy,
        TestCrossEntropy = record.Result?.Test?.CrossEntropy,
    }));

    private static string StatusOf(JobStatus status) => status switch
    {
        JobStatus.Done => "[green]done[/]",
        JobStatus.Failed => "[red]failed[/]",
        JobStatus.Cancelled => "[yellow]cancelled[/]",
        _ => "running",
    };
}
