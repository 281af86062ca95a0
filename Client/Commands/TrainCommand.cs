using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit train SPEC</c>: runs a job to its end, shows its progress, prints its result.</summary>
internal static class TrainCommand
{
    public static Argument<string> SpecificationArgument { get; } = new("SPEC") { Description = "Specification of the job, YAML or JSON; examples/ has one for each kind of task." };

    public static Option<string[]> SetOption { get; } = new("--set")
    {
        Description = "Sets a value of the specification, e.g. --set solve.alpha=0.1; may be given several times.",
        HelpName = "PATH=VALUE",
    };

    public static Command Create()
    {
        var command = new Command("train", "Solves a model from a specification.") { SpecificationArgument, SetOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var specification = SpecificationReader.Read(parsed.GetRequiredValue(SpecificationArgument), parsed.GetValue(SetOption) ?? []);
        await using var silo = await EmbeddedSilo.StartAsync(context.StoreFolder, context.Verbose, cancellationToken);
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(JobId());
        await job.StartAsync(specification, CancellationToken.None);
        await using var cancellation = cancellationToken.Register(() => _ = job.CancelAsync(CancellationToken.None));
        var record = await ProgressView.ShowAsync(job.WatchAsync(CancellationToken.None), context.Error, CancellationToken.None);
        return Print(record, context);
    }

    /// <summary>Prints an ended job's result or failure and gives its exit code.</summary>
    public static int Print(JobRecord record, CommandContext context)
    {
        if (context.Json)
            Console.Out.WriteLine(JsonView.Of(record));
        else if (record.Status == JobStatus.Done)
            ResultView.Show(record, context.Out);
        if (record.Status != JobStatus.Done)
            ResultView.ShowEnd(record, Console.Error);
        if (context.Verbose && record.Failure?.Detail is { } detail)
            Console.Error.WriteLine(detail);
        return record.Status switch
        {
            JobStatus.Done => ExitCode.Done,
            JobStatus.Cancelled => ExitCode.Cancelled,
            _ => ExitCode.Failed,
        };
    }

    /// <summary>A job's id: ordered by time, unique, and the key that makes starting twice harmless.</summary>
    private static string JobId() => $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
}
