using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Client.Uploads;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit train SPEC</c>: runs a job to its end, shows its progress, prints its result; in a cluster it may also be left to itself.</summary>
internal static class TrainCommand
{
    public static Argument<string> SpecificationArgument { get; } = new("SPEC") { Description = "Specification of the job, YAML or JSON; examples/ has one for each kind of task." };

    public static Option<string[]> SetOption { get; } = new("--set")
    {
        Description = "Sets a value of the specification, e.g. --set solve.alpha=0.1; may be given several times.",
        HelpName = "PATH=VALUE",
    };

    public static Option<bool> DetachOption { get; } = new("--detach") { Description = "With --cluster: print the job's id and leave it running." };

    public static Option<string?> ReportOption { get; } = new("--report")
    {
        Description = "When done, write the model's report into this folder, as 'explicit models report' does.",
        HelpName = "FOLDER",
    };

    public static Command Create()
    {
        var command = new Command("train", "Solves a model from a specification.") { SpecificationArgument, SetOption, DetachOption, ReportOption };
        command.SetAction(RunAsync);
        return command;
    }

    /// <exception cref="UsageException">There is nobody to leave a job to.</exception>
    public static void CheckDetach(ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(DetachOption) && context.Cluster is null)
            throw new UsageException("--detach needs a cluster: without one the job runs in this process", "name it with --cluster, or leave --detach out");
    }

    /// <summary>A report that cannot be written is told before the job begins.</summary>
    private static void CheckReport(ParseResult parsed, JobSpecification specification)
    {
        if (parsed.GetValue(ReportOption) is not { } folder)
            return;
        if (specification.Language is not null)
            throw new UsageException("--report draws classifiers, and the task is language-model", "leave --report out; 'explicit models show' has the figures");
        if (parsed.GetValue(DetachOption))
            throw new UsageException("--report needs the end of the job, and --detach does not wait for it", "leave one of them out; 'explicit models report' writes the report later");
        WholeFile.CheckFolder(folder);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        CheckDetach(parsed, context);
        return await RunAsync(parsed, SpecificationReader.Read(parsed.GetRequiredValue(SpecificationArgument), parsed.GetValue(SetOption) ?? []), context, cancellationToken);
    }

    /// <summary>Runs the job of a specification as the options of the command say.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, JobSpecification specification, CommandContext context, CancellationToken cancellationToken)
    {
        CheckDetach(parsed, context);
        CheckReport(parsed, specification);
        if (context.Cluster is not null)
            return await RunInClusterAsync(parsed, specification, context, cancellationToken);
        var id = JobRun.NewId();
        await using var silo = await EmbeddedSilo.StartAsync(await context.StoreAddressAsync(cancellationToken), context.Verbose, cancellationToken);
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(id);
        await job.StartAsync(specification, CancellationToken.None);
        var code = await JobFollowing.EmbeddedAsync(job, context, cancellationToken);
        return await ReportAsync(parsed, id, code, silo.Store, cancellationToken);
    }

    /// <summary>Writes the report that was asked for, of a job that is done; its files are told on standard error, where results do not go.</summary>
    private static async Task<int> ReportAsync(ParseResult parsed, string job, int code, IArtifactStore store, CancellationToken cancellationToken)
    {
        if (code != ExitCode.Done || parsed.GetValue(ReportOption) is not { } folder)
            return code;
        var model = (await JobFolder.ReadAsync(store, job, cancellationToken))?.Value.Result?.Model
            ?? throw new JobException($"job {job} has no result in the store", "see 'explicit jobs list'");
        var (_, html, png) = await ModelReportCommand.WriteAsync(store, model, folder, cancellationToken);
        foreach (var file in new[] { html, png }.OfType<string>())
            Console.Error.WriteLine(file);
        return code;
    }

    private static async Task<int> RunInClusterAsync(ParseResult parsed, JobSpecification specification, CommandContext context, CancellationToken cancellationToken)
    {
        await using var connection = await context.ConnectAsync(cancellationToken);
        var store = CommandContext.Open(await context.StoreAddressAsync(connection, cancellationToken));
        var upload = new SourceUpload(store, new SourceReader(store), await connection.ReportsAsync(cancellationToken), context.Error);
        var prepared = await upload.PrepareAsync(specification, cancellationToken);
        var id = JobRun.NewId();
        // Not to be cancelled: whether the job has started would not be known. The id makes starting twice harmless.
        var record = await ClusterCalls.RetryAsync(token => connection.Grains.GetGrain<ITrainingJobGrain>(id).StartAsync(prepared, token), CancellationToken.None);
        if (parsed.GetValue(DetachOption))
            return JobFollowing.Detach(record, connection, context);
        var code = await JobFollowing.ClusterAsync(connection, id, context, cancellationToken);
        return await ReportAsync(parsed, id, code, store, cancellationToken);
    }
}
