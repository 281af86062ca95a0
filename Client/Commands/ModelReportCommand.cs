using System.CommandLine;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Reports;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models report M</c>: a page and a picture of how a model came about.</summary>
internal static class ModelReportCommand
{
    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var output = new Option<string>("--output") { Description = "Folder for the page and the picture.", HelpName = "FOLDER", DefaultValueFactory = _ => "reports" };
        var command = new Command("report", "Writes a model's settings, results, course of refinement, weights and lineage as one HTML page, and the course as PNG.") { model, output };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(model), parsed.GetRequiredValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string reference, string folder, CancellationToken cancellationToken)
    {
        var (model, html, png) = await WriteAsync(await context.OpenStoreAsync(cancellationToken), reference, folder, cancellationToken);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonText.Of(new { Model = model, Html = html, Png = png }));
            return ExitCode.Done;
        }
        Console.Out.WriteLine(html);
        if (png is not null)
            Console.Out.WriteLine(png);
        return ExitCode.Done;
    }

    /// <summary>Writes a report; gives the model's full name and the files.</summary>
    public static async Task<(string Model, string Html, string? Png)> WriteAsync(
        IArtifactStore store, string reference, string folder, CancellationToken cancellationToken)
    {
        var model = await ModelFolder.FindAsync(store, reference, cancellationToken);
        var report = await ModelReport.LoadAsync(store, model, cancellationToken);
        var (html, png) = ReportFiles.Write(report, folder);
        return (report.Name, html, png);
    }
}
