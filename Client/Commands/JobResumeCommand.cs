using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Hosting;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit jobs resume ID</c>: goes on with a failed or cancelled job, or with one whose process died; what is done is kept. In a cluster the
/// silos run it, otherwise this process.
/// </summary>
internal static class JobResumeCommand
{
    public static Command Create()
    {
        var command = new Command("resume", "Goes on with a failed or cancelled job, or one whose process died.") { JobsCommand.JobArgument, TrainCommand.DetachOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        TrainCommand.CheckDetach(parsed, context);
        var id = parsed.GetRequiredValue(JobsCommand.JobArgument);
        if (context.Cluster is not null)
            return await RunInClusterAsync(id, context, parsed.GetValue(TrainCommand.DetachOption), cancellationToken);
        var address = await context.StoreAddressAsync(cancellationToken);
        var record = await JobLookup.FindAsync(CommandContext.Open(address), address, id, cancellationToken);
        if (record.Status == JobStatus.Done)
            return JobFollowing.Print(record, context);
        await using var silo = await EmbeddedSilo.StartAsync(address, context.Verbose, cancellationToken);
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(record.Id);
        await job.ResumeAsync(CancellationToken.None);
        return await JobFollowing.EmbeddedAsync(job, context, cancellationToken);
    }

    private static async Task<int> RunInClusterAsync(string id, CommandContext context, bool detach, CancellationToken cancellationToken)
    {
        await using var connection = await context.ConnectAsync(cancellationToken);
        var full = await JobLookup.FindAsync(connection, context, id, cancellationToken);
        var record = await ClusterCalls.RetryAsync(token => connection.Grains.GetGrain<ITrainingJobGrain>(full).ResumeAsync(token), CancellationToken.None);
        return detach ? JobFollowing.Detach(record!, connection, context) : await JobFollowing.ClusterAsync(connection, full, context, cancellationToken);
    }
}
