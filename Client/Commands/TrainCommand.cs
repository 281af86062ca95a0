using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Client.Uploads;
using ExplicitCluster.Data.Sources;

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

    public static Command Create()
    {
        var command = new Command("train", "Solves a model from a specification.") { SpecificationArgument, SetOption, DetachOption };
        command.SetAction(RunAsync);
        return command;
    }

    /// <exception cref="UsageException">There is nobody to leave a job to.</exception>
    public static void CheckDetach(ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(DetachOption) && context.Cluster is null)
            throw new UsageException("--detach needs a cluster: without one the job runs in this process", "name it with --cluster, or leave --detach out");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        CheckDetach(parsed, context);
        var specification = SpecificationReader.Read(parsed.GetRequiredValue(SpecificationArgument), parsed.GetValue(SetOption) ?? []);
        if (context.Cluster is not null)
            return await RunInClusterAsync(specification, context, parsed.GetValue(DetachOption), cancellationToken);
        await using var silo = await EmbeddedSilo.StartAsync(await context.StoreAddressAsync(cancellationToken), context.Verbose, cancellationToken);
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(NewJobId());
        await job.StartAsync(specification, CancellationToken.None);
        return await JobFollowing.EmbeddedAsync(job, context, cancellationToken);
    }

    private static async Task<int> RunInClusterAsync(JobSpecification specification, CommandContext context, bool detach, CancellationToken cancellationToken)
    {
        await using var connection = await context.ConnectAsync(cancellationToken);
        var reader = new SourceReader(CommandContext.Open(await context.StoreAddressAsync(connection, cancellationToken)));
        var upload = new SourceUpload(reader, await connection.ReportsAsync(cancellationToken), context.Error);
        var prepared = await upload.PrepareAsync(specification, cancellationToken);
        var id = NewJobId();
        // Not to be cancelled: whether the job has started would not be known. The id makes starting twice harmless.
        var record = await ClusterCalls.RetryAsync(token => connection.Grains.GetGrain<ITrainingJobGrain>(id).StartAsync(prepared, token), CancellationToken.None);
        return detach ? JobFollowing.Detach(record, connection, context) : await JobFollowing.ClusterAsync(connection, id, context, cancellationToken);
    }

    /// <summary>A job's id: ordered by time, unique, and the key that makes starting twice harmless.</summary>
    private static string NewJobId() => $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
}
