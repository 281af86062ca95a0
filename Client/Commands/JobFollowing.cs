using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Commands;

/// <summary>Stays with a started job to its end and prints how it ended. What Ctrl-C means depends on where the job runs.</summary>
internal static class JobFollowing
{
    /// <summary>A job in this process: Ctrl-C cancels it.</summary>
    public static async Task<int> EmbeddedAsync(ITrainingJobGrain job, CommandContext context, CancellationToken cancellationToken, bool printsResult = true)
    {
        await using var cancellation = cancellationToken.Register(() => _ = job.CancelAsync(CancellationToken.None));
        JobRecord record;
        try
        {
            record = await ProgressView.ShowAsync(job.WatchAsync(CancellationToken.None), context.Error, CancellationToken.None);
        }
        catch (ProgressEndedException)
        {
            var id = job.GetPrimaryKeyString();
            throw new JobException($"job {id} was taken on by another process", $"see how it goes with 'explicit jobs show {id}'");
        }
        return Print(record, context, printsResult);
    }

    /// <summary>A job of a cluster: Ctrl-C leaves it running.</summary>
    public static async Task<int> ClusterAsync(
        ClusterConnection connection, string id, CommandContext context, CancellationToken cancellationToken, bool printsResult = true)
    {
        var comeBack = ComeBack(id, connection);
        var watch = new JobWatch(connection.Grains.GetGrain<ITrainingJobGrain>(id), text => context.Error.Profile.Out.Writer.WriteLine(text), comeBack);
        try
        {
            return Print(await ProgressView.ShowAsync(watch.EventsAsync(cancellationToken), context.Error, cancellationToken), context, printsResult);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine($"stopped watching; job {id} goes on in the cluster");
            Console.Error.WriteLine($"  come back with '{comeBack}', or stop it with 'explicit jobs cancel {id} --cluster {connection.Profile.Given}'");
            return ExitCode.Cancelled;
        }
    }

    /// <summary>For a job that goes on without the command: its id on standard output, and how to come back.</summary>
    public static int Detach(JobRecord record, ClusterConnection connection, CommandContext context)
    {
        Console.Out.WriteLine(context.Json ? JsonView.Of(record) : record.Id);
        Console.Error.WriteLine($"the job runs in the cluster; come back with '{ComeBack(record.Id, connection)}'");
        return ExitCode.Done;
    }

    /// <summary>Prints an ended job's result or failure and gives its exit code.</summary>
    /// <param name="record">The job.</param>
    /// <param name="context">Where to.</param>
    /// <param name="printsResult">Whether the result is printed here; how a job failed always is.</param>
    public static int Print(JobRecord record, CommandContext context, bool printsResult = true)
    {
        if (record.Status == JobStatus.Done && !printsResult)
            return ExitCode.Done;
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

    private static string ComeBack(string id, ClusterConnection connection) => $"explicit jobs watch {id} --cluster {connection.Profile.Given}";
}
