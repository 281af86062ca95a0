using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Data.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// When a silo of a cluster starts, it wakes every job that the store says is running: reminders bring back a job whose silo died, this one also
/// brings back jobs whose reminders were lost with Redis.
/// </summary>
internal sealed partial class JobRecovery(IArtifactStore store, RunningJobs running, IGrainFactory grains, ILogger<JobRecovery> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var job in running.ListAsync(stoppingToken))
            {
                if (await WakeAsync(job, stoppingToken) is null && await JobFolder.ReadAsync(store, job, stoppingToken) is null)
                    await running.RemoveAsync(job, stoppingToken); // its record was never written
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotLooked(logger, exception);
        }
    }

    private async Task<JobEvent?> WakeAsync(string job, CancellationToken stoppingToken)
    {
        try
        {
            return await grains.GetGrain<ITrainingJobGrain>(job).PollAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotWoken(logger, job, exception);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs to go on with could not be looked up; reminders and clients still resume them")]
    private static partial void LogNotLooked(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be woken; its reminder and its clients still resume it")]
    private static partial void LogNotWoken(ILogger logger, string job, Exception exception);
}
