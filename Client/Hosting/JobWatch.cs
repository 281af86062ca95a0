using System.Runtime.CompilerServices;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Client.Hosting;

/// <summary>
/// Follows a job by short polls, which also wake a job whose silo died. Survives the death of the silo it talks to, and for some minutes
/// that of all silos.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="notice">Told in a line when the cluster does not answer, and when it does again.</param>
/// <param name="comeBack">The command that people run to come back.</param>
internal sealed class JobWatch(ITrainingJobGrain job, Action<string> notice, string comeBack)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The job's progress from now to its end; the last event carries its record.</summary>
    /// <exception cref="JobException">The cluster stays away for minutes, or knows nothing of the job.</exception>
    public async IAsyncEnumerable<JobEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var planned = false;
        while (true)
        {
            var step = await PollAsync(cancellationToken) ?? throw new JobException("the cluster knows nothing of this job any more", "look with 'explicit jobs list', and train again");
            yield return planned ? step with { Plan = null } : step;
            if (step.Record is { Status: not JobStatus.Running })
                yield break;
            planned |= step.Plan is not null;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<JobEvent?> PollAsync(CancellationToken cancellationToken)
    {
        var started = Environment.TickCount64;
        var told = false;
        for (var failures = 1; ; failures++)
        {
            try
            {
                var step = await job.PollAsync(cancellationToken).WaitAsync(ClusterCalls.MostPerCall, cancellationToken);
                if (told)
                    notice("connected again");
                return step;
            }
            catch (Exception exception) when (ClusterCalls.IsPassing(exception, cancellationToken))
            {
                var away = TimeSpan.FromMilliseconds(Environment.TickCount64 - started);
                if (away > Patience)
                {
                    throw new JobException(
                        $"the cluster has not answered for {Patience.TotalMinutes:0} minutes ({ClusterCalls.ReasonOf(exception)}); the job may go on when its silos do",
                        $"come back with '{comeBack}'");
                }
                if (!told && away > Quiet)
                {
                    notice($"reconnecting: {ClusterCalls.ReasonOf(exception)}");
                    told = true;
                }
                await Task.Delay(ClusterCalls.PauseAfter(failures), cancellationToken);
            }
        }
    }
}
