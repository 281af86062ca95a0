using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit jobs cancel ID</c>: asks a job to stop, and again until its record says that it has: a silo that died may have taken the wish
/// with it. Without a cluster it ends a job that another process runs, or left behind, by taking it on and cancelling it.
/// </summary>
internal static class JobCancelCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var command = new Command("cancel", "Stops a running job; what it has completed is kept.") { JobsCommand.JobArgument };
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
            var full = await JobLookup.FindAsync(connection, context, id, cancellationToken);
            return Print(await CancelAsync(connection.Grains.GetGrain<ITrainingJobGrain>(full), full, cancellationToken), context);
        }
        var address = await context.StoreAddressAsync(cancellationToken);
        var record = await JobLookup.FindAsync(CommandContext.Open(address), address, id, cancellationToken);
        if (record.Status != JobStatus.Running)
            return Print(record, context);
        await using var silo = await EmbeddedSilo.StartAsync(address, context.Verbose, cancellationToken);
        return Print(await CancelAsync(silo.Grains.GetGrain<ITrainingJobGrain>(record.Id), record.Id, cancellationToken), context);
    }

    private static async Task<JobRecord> CancelAsync(ITrainingJobGrain job, string id, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            await ClusterCalls.RetryAsync(job.CancelAsync, cancellationToken);
            var record = await ClusterCalls.RetryAsync(job.GetAsync, cancellationToken)
                ?? throw new JobException($"no job '{id}' in the cluster", "see 'explicit jobs list'");
            if (record.Status != JobStatus.Running)
                return record;
            await Task.Delay(Pause, cancellationToken);
        }
        throw new JobException($"job {id} was asked to stop and has not within {Patience.TotalSeconds:0} s", "it stops once the shards in work are done: see 'explicit jobs show'");
    }

    private static int Print(JobRecord record, CommandContext context)
    {
        if (record.Status != JobStatus.Cancelled)
            throw new JobException($"job {record.Id} is {Words.Of(record.Status)} already: there is nothing to cancel", $"see 'explicit jobs show {record.Id}'");
        if (context.Json)
            Console.Out.WriteLine(JsonView.Of(record));
        else
            ResultView.ShowEnd(record, Console.Out);
        return ExitCode.Done;
    }
}
