using System.Runtime.InteropServices;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Silo;

/// <summary>
/// Redis that was restarted without its data answers, but knows of no silo: new silos and clients would not find this one, and nobody would notice.
/// This silo then stops, so that whoever supervises it starts it anew. Redis that does not answer is no reason to stop.
/// </summary>
internal sealed partial class MembershipWatch(
    IMembershipTable table, ILocalSiloDetails silo, ClusterAddress address, ILogger<MembershipWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var missing = 0; ;)
        {
            await Task.Delay(Period, stoppingToken);
            missing = await IsMissingAsync(stoppingToken) ? missing + 1 : 0;
            if (missing < 2)
                continue;
            LogLost(logger, address);
            // At once and without handlers of the exit: an orderly stop would wait for a membership that is gone.
            Console.Out.Flush();
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None); // the console's logger writes on a thread of its own
            End(ExitCode.MembershipLost);
        }
    }

    private async Task<bool> IsMissingAsync(CancellationToken stoppingToken)
    {
        try
        {
            var members = await table.ReadAllAsync(stoppingToken).WaitAsync(Period, stoppingToken);
            return members.Members.All(member => !member.Item1.SiloAddress.Equals(silo.SiloAddress));
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            // A table without its version cannot be read either; but then Redis itself answers.
            return await address.FindProblemAsync(TimeSpan.Zero) is null;
        }
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void End(int code);

    [LoggerMessage(Level = LogLevel.Critical, Message =
        "Redis at {Address} has lost the cluster's membership (was it restarted without appendonly?): this silo stops so that it can start anew; jobs resume from the store")]
    private static partial void LogLost(ILogger logger, ClusterAddress address);
}
