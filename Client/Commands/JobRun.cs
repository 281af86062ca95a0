using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Uploads;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary>Starts a job, here or in a cluster, stays with it to its end, and has its result shown by whoever knows it.</summary>
internal static class JobRun
{
    /// <param name="parsed">The command line, with <c>--detach</c>.</param>
    /// <param name="specification">The job.</param>
    /// <param name="context">Where to.</param>
    /// <param name="show">Shows the result of a job that is done; how others ended is shown here.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public static async Task<int> ToEndAsync(
        ParseResult parsed, JobSpecification specification, CommandContext context, Func<JobRecord, IArtifactStore, Task> show, CancellationToken cancellationToken)
    {
        var id = NewId();
        if (context.Cluster is null)
        {
            await using var silo = await EmbeddedSilo.StartAsync(await context.StoreAddressAsync(cancellationToken), context.Verbose, cancellationToken);
            var job = silo.Grains.GetGrain<ITrainingJobGrain>(id);
            await job.StartAsync(specification, CancellationToken.None);
            return await ShowAsync(await JobFollowing.EmbeddedAsync(job, context, cancellationToken, printsResult: false), silo.Store);
        }
        await using var connection = await context.ConnectAsync(cancellationToken);
        var store = CommandContext.Open(await context.StoreAddressAsync(connection, cancellationToken));
        var upload = new SourceUpload(store, new SourceReader(store), await connection.ReportsAsync(cancellationToken), context.Error);
        var prepared = await upload.PrepareAsync(specification, cancellationToken);
        // Not to be cancelled: whether the job has started would not be known. The id makes starting twice harmless.
        var record = await ClusterCalls.RetryAsync(token => connection.Grains.GetGrain<ITrainingJobGrain>(id).StartAsync(prepared, token), CancellationToken.None);
        return parsed.GetValue(TrainCommand.DetachOption)
            ? JobFollowing.Detach(record, connection, context)
            : await ShowAsync(await JobFollowing.ClusterAsync(connection, id, context, cancellationToken, printsResult: false), store);

        async Task<int> ShowAsync(int code, IArtifactStore from)
        {
            if (code == ExitCode.Done)
            {
                await show(
                    (await JobFolder.ReadAsync(from, id, cancellationToken))?.Value ?? throw new JobException($"job {id} has no record in the store", "see 'explicit jobs list'"),
                    from);
            }
            return code;
        }
    }

    /// <summary>A job's id: ordered by time, unique, and the key that makes starting twice harmless.</summary>
    public static string NewId() => $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
}
