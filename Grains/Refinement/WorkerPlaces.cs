using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// Where a refinement's workers and reducers are, beside the silos that there are: silos join and leave between its checkpoints, and grains that stay do
/// not move by themselves. Used from the job grain's scheduler.
/// </summary>
/// <param name="silos">The silos.</param>
/// <param name="groups">Workers, and reducers: each to be spread evenly.</param>
internal sealed class WorkerPlaces(ActiveSilos silos, params ImmutableArray<ImmutableArray<IRefinementGrain>> groups)
{
    private const int MostMoves = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private ImmutableHashSet<SiloAddress> _spreadOver = [];
    private ImmutableHashSet<SiloAddress> _noneLeaves = [];

    /// <summary>
    /// Whether the attempt should end at a checkpoint, for the next one to begin elsewhere: a silo with part of it leaves, or, where that was just saved
    /// anyway, silos joined and the load is uneven.
    /// </summary>
    public async Task<bool> MustMoveAsync(bool isSaved, CancellationToken cancellationToken)
    {
        var now = silos.Now;
        if (silos.IsLeaving)
            return true;
        if (now.SetEquals(isSaved ? _spreadOver : _noneLeaves))
            return false;
        foreach (var group in groups)
        {
            var places = await FindAsync(group, cancellationToken);
            if (places.Any(place => Leaves(place, now)) || (isSaved && IsUneven(places, now)))
                return true;
        }
        _noneLeaves = now;
        if (isSaved)
            _spreadOver = now;
        return false;
    }

    /// <summary>Lets those on silos that leave go, which begin elsewhere when they are next called, and moves those of an uneven group that placement would put elsewhere.</summary>
    public async Task SpreadAsync(long epoch, CancellationToken cancellationToken)
    {
        var now = silos.Now;
        if (now.SetEquals(_spreadOver))
            return;
        var moving = new List<Task>();
        foreach (var group in groups)
        {
            var places = await FindAsync(group, cancellationToken);
            var isUneven = IsUneven(places, now);
            for (var i = 0; i < group.Length; i++)
            {
                if (Leaves(places[i], now))
                    moving.Add(group[i].ReleaseAsync(epoch, cancellationToken));
                else if (isUneven && SpreadPlacementDirector.SiloOf(group[i].GetGrainId(), now) is var wanted && places[i]?.Equals(wanted) == false)
                    moving.Add(MoveAsync(group[i], wanted, cancellationToken));
            }
        }
        await Task.WhenAll(moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Lets all go, of this attempt and of earlier ones.</summary>
    public async Task ReleaseAsync(long epoch) =>
        await Task.WhenAll(groups.SelectMany(group => group).Select(grain => grain.ReleaseAsync(epoch)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private static bool Leaves(SiloAddress? place, ImmutableHashSet<SiloAddress> now) => place is not null && !now.Contains(place);

    private static bool IsUneven(SiloAddress?[] places, ImmutableHashSet<SiloAddress> now) =>
        now.Count > 0 && places.OfType<SiloAddress>().GroupBy(place => place).Any(silo => silo.Count() > (places.Length + now.Count - 1) / now.Count);

    private static async Task MoveAsync(IRefinementGrain grain, SiloAddress wanted, CancellationToken cancellationToken)
    {
        for (var move = 0; move < MostMoves && await AskAsync(grain, wanted, cancellationToken) is { } place && !place.Equals(wanted); move++)
            await Task.Delay(Pause, cancellationToken);
    }

    private static Task<SiloAddress?[]> FindAsync(ImmutableArray<IRefinementGrain> group, CancellationToken cancellationToken) =>
        Task.WhenAll(group.Select(grain => AskAsync(grain, null, cancellationToken)));

    /// <summary>Null for a grain whose silo is lost: the next call, which prepares it, finds out.</summary>
    private static async Task<SiloAddress?> AskAsync(IRefinementGrain grain, SiloAddress? wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await grain.PlaceAsync(wanted, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
