using Microsoft.Extensions.Hosting;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// Tells when other silos leave or are declared dead: with one go its grains, and those on others whose addresses it kept. Whoever acts on a loss takes the token
/// before looking at what is there.
/// </summary>
internal sealed class SiloLosses(IClusterMembershipService membership) : BackgroundService
{
    private CancellationTokenSource _nextLoss = new();
    private CancellationTokenSource _nextDeath = new();

    /// <summary>Cancelled as soon as the next silo leaves, and by the next death.</summary>
    public CancellationToken NextLoss => Volatile.Read(ref _nextLoss).Token;

    /// <summary>Cancelled when the next silo is dead, and with it what was left on it.</summary>
    public CancellationToken NextDeath => Volatile.Read(ref _nextDeath).Token;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (left, dead) = (Those(membership.CurrentSnapshot, status => status.IsTerminating()), Those(membership.CurrentSnapshot, status => status == SiloStatus.Dead));
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var (nowLeft, nowDead) = (Those(snapshot, status => status.IsTerminating()), Those(snapshot, status => status == SiloStatus.Dead));
            var isDeath = !nowDead.IsSubsetOf(dead);
            if (isDeath)
                await Interlocked.Exchange(ref _nextDeath, new CancellationTokenSource()).CancelAsync();
            if (isDeath || !nowLeft.IsSubsetOf(left))
                await Interlocked.Exchange(ref _nextLoss, new CancellationTokenSource()).CancelAsync();
            (left, dead) = (nowLeft, nowDead);
        }
    }

    private static HashSet<SiloAddress> Those(ClusterMembershipSnapshot snapshot, Func<SiloStatus, bool> status) =>
        [.. snapshot.Members.Values.Where(member => status(member.Status)).Select(member => member.SiloAddress)];
}
