using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Grids;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit grid SPEC</c>: tries K, alpha, priors and groups of features by leave-one-out and by folds, from two readings of the training rows.</summary>
internal static class GridCommand
{
    private static readonly Option<string?> Report = new("--report") { Description = "When done, write a heat map as NAME-grid.png into this folder.", HelpName = "FOLDER" };

    public static Command Create()
    {
        var command = new Command("grid", "Tries settings on the training rows: leave-one-out and cross-validation, from stored statistics. The keys under 'grid' say which.")
        {
            TrainCommand.SpecificationArgument, TrainCommand.SetOption, TrainCommand.DetachOption, Report,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        TrainCommand.CheckDetach(parsed, context);
        var specification = SpecificationReader.ReadGrid(parsed.GetRequiredValue(TrainCommand.SpecificationArgument), parsed.GetValue(TrainCommand.SetOption) ?? []);
        var folder = parsed.GetValue(Report);
        if (folder is not null && parsed.GetValue(TrainCommand.DetachOption))
            throw new UsageException("--report needs the end of the job, and --detach does not wait for it", "leave one of them out");
        if (folder is not null)
            WholeFile.CheckFolder(folder);
        return await JobRun.ToEndAsync(parsed, specification, context, (record, store) => ShowAsync(record, store, folder, context, cancellationToken), cancellationToken);
    }

    private static async Task ShowAsync(JobRecord record, IArtifactStore store, string? folder, CommandContext context, CancellationToken cancellationToken)
    {
        var report = (await JsonArtifact.ReadAsync<GridReport>(store, record.Result!.Report!, null, cancellationToken))?.Value
            ?? throw new JobException($"{record.Result.Report} is not in the store", "run the grid again: what was counted is kept");
        if (context.Json)
            Console.Out.WriteLine(GridView.JsonOf(record, report));
        else
            GridView.Show(record, report, context.Out);
        if (folder is null)
            return;
        var path = Path.Combine(folder, $"{report.Name}-grid.png");
        WholeFile.Write(path, GridPicture.Of(report));
        Console.Error.WriteLine(path);
    }
}
