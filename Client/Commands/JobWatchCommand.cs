using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit jobs watch ID</c>: follows a job of a cluster to its end and prints its result, as <c>train</c> does.</summary>
internal static class JobWatchCommand
{
    public static Command Create()
    {
        var command = new Command("watch", "Follows a job of a cluster; Ctrl-C leaves it running.") { JobsCommand.JobArgument };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var id = parsed.GetRequiredValue(JobsCommand.JobArgument);
        if (context.Cluster is not null)
        {
            await using var connection = await context.ConnectAsync(cancellationToken);
            return await JobFollowing.ClusterAsync(connection, await JobLookup.FindAsync(connection, context, id, cancellationToken), context, cancellationToken);
        }
        var address = await context.StoreAddressAsync(cancellationToken);
        var record = await JobLookup.FindAsync(CommandContext.Open(address), address, id, cancellationToken);
        if (record.Status != JobStatus.Running)
            return JobFollowing.Print(record, context);
        throw new UsageException($"job {record.Id} runs in another process", $"name its cluster with --cluster; if its process died, go on with 'explicit jobs resume {record.Id}'");
    }
}
