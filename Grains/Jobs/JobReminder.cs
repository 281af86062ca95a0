using Microsoft.Extensions.Logging;
using Orleans.Timers;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// What brings a job back whose silo died while no client watches: a reminder, and the job's name among the running ones. An embedded silo
/// has no reminders, and its jobs end with it.
/// </summary>
internal sealed partial class JobReminder(RunningJobs running, ILogger<JobReminder> logger, IReminderRegistry? reminders = null)
{
    private const string Name = "resume";

    /// <summary>The least period that Orleans allows. Clients that watch are faster.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Before the job's record is first written.</summary>
    public Task AddAsync(string job, CancellationToken cancellationToken) => reminders is null ? Task.CompletedTask : running.AddAsync(job, cancellationToken);

    /// <summary>Sets the reminder; a job goes on without one where reminders fail for the moment.</summary>
    public async Task SetAsync(GrainId grain)
    {
        if (reminders is null)
            return;
        try
        {
            await reminders.RegisterOrUpdateReminder(grain, Name, Period, Period).WaitAsync(Patience);
        }
        catch (Exception exception)
        {
            LogNotSet(logger, grain, exception);
        }
    }

    /// <summary>After the job's end is on record.</summary>
    public async Task RemoveAsync(GrainId grain, string job)
    {
        if (reminders is null)
            return;
        try
        {
            await running.RemoveAsync(job, CancellationToken.None);
            if (await reminders.GetReminder(grain, Name).WaitAsync(Patience) is { } reminder)
                await reminders.UnregisterReminder(grain, reminder).WaitAsync(Patience);
        }
        catch (Exception exception)
        {
            LogNotRemoved(logger, grain, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder of {Grain} was not set: until it is, only clients resume the job")]
    private static partial void LogNotSet(ILogger logger, GrainId grain, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder of {Grain} was not removed; it goes when it next fires")]
    private static partial void LogNotRemoved(ILogger logger, GrainId grain, Exception exception);
}
