using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// When a silo of a cluster starts, and when another leaves or is declared dead, it wakes every job that the store says is running: whichever silo the job's grain then
/// comes to takes the job on. Reminders do so a minute later, where this silo is not there to do it.
/// </summary>
internal sealed partial class JobRecovery(
    IArtifactStore store, RunningJobs running, IGrainFactory grains, SiloLosses losses, ILogger<JobRecovery> logger) : BackgroundService
{
    /// <summary>Just after a death a call may still be sent to the dead.</summary>
    private const int MostAttempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var next = losses.NextLoss;
            await WakeAllAsync(stoppingToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(next, stoppingToken);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task WakeAllAsync(CancellationToken stoppingToken)
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
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grains.GetGrain<ITrainingJobGrain>(job).PollAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (attempt == MostAttempts)
                {
                    LogNotWoken(logger, job, exception);
                    return null;
                }
            }
            await Task.Delay(Pause, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs to go on with could not be looked up; reminders and clients still resume them")]
    private static partial void LogNotLooked(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be woken; its reminder and its clients still resume it")]
    private static partial void LogNotWoken(ILogger logger, string job, Exception exception);
}
