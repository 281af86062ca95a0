using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>
/// Shows a job's progress while it runs: a line a stage that moves on a terminal, plain lines about once a second where the output is
/// redirected.
/// </summary>
public static class ProgressView
{
    /// <summary>Follows the events to their end.</summary>
    /// <param name="events">A job's progress; the last event carries its record.</param>
    /// <param name="console">The console that people look at: standard error, so that results alone are on standard output.</param>
    /// <param name="cancellationToken">Stops watching, not the job.</param>
    /// <returns>The job's final record.</returns>
    /// <exception cref="ProgressEndedException">The events ended without the job's record.</exception>
    public static Task<JobRecord> ShowAsync(IAsyncEnumerable<JobEvent> events, IAnsiConsole console, CancellationToken cancellationToken) =>
        ShowAsync(events, console, TimeProvider.System, cancellationToken);

    /// <inheritdoc cref="ShowAsync(IAsyncEnumerable{JobEvent}, IAnsiConsole, CancellationToken)"/>
    public static async Task<JobRecord> ShowAsync(
        IAsyncEnumerable<JobEvent> events, IAnsiConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var capabilities = console.Profile.Capabilities;
        var record = capabilities.Interactive && capabilities.Ansi
            ? await new LiveProgress(console, time).FollowAsync(events, cancellationToken)
            : await new PlainProgress(console, time).FollowAsync(events, cancellationToken);
        return record ?? throw new ProgressEndedException();
    }
}
