using ExplicitCluster.Abstractions.Errors;

namespace ExplicitCluster.Client.Hosting;

/// <summary>
/// Calls to a cluster whose silos may die. A call to a grain of a dead silo would wait for its whole response time-out, so none is long: each
/// has a short deadline here, and what fails for any reason of the machinery is asked again. What is called must bear to be called twice.
/// </summary>
internal static class ClusterCalls
{
    /// <summary>How long one call is waited for.</summary>
    public static readonly TimeSpan MostPerCall = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Whether asking again may help: all but what ends a request for good, and the caller's own wish to stop.</summary>
    public static bool IsPassing(Exception exception, CancellationToken cancellationToken) => exception is not JobException && !cancellationToken.IsCancellationRequested;

    /// <summary>Pause before attempt <paramref name="failures"/> + 1.</summary>
    public static TimeSpan PauseAfter(int failures) => TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, TimeSpan.FromMilliseconds(100).Ticks << Math.Min(failures, 10)));

    /// <summary>Calls until there is an answer, for at most three quarters of a minute.</summary>
    /// <exception cref="JobException">The cluster does not answer.</exception>
    public static async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await call(cancellationToken).WaitAsync(MostPerCall, cancellationToken);
            }
            catch (Exception exception) when (IsPassing(exception, cancellationToken))
            {
                if (Environment.TickCount64 > deadline)
                    throw new JobException($"the cluster has not answered for {Patience.TotalSeconds:0} s: {ReasonOf(exception)}", "see 'explicit cluster status', and run the command again");
                await Task.Delay(PauseAfter(failures), cancellationToken);
            }
        }
    }

    public static Task RetryAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => RetryAsync(
        async token =>
        {
            await call(token);
            return true;
        }, cancellationToken);

    /// <summary>An error in one short line.</summary>
    public static string ReasonOf(Exception exception)
    {
        var line = exception is TimeoutException ? "no answer in time" : exception.Message.Split('\n')[0].Trim();
        return line.Length <= 160 ? line : $"{line[..160]}...";
    }
}
