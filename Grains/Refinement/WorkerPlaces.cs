using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// Where a refinement's workers and reducers are, beside the silos that there are: silos join and leave between its checkpoints, and grains that stay do
/// not move by themselves. Used from the job grain's scheduler.
/// </summary>
/// <param name="grains">Where they are looked up.</param>
/// <param name="silos">The silos.</param>
/// <param name="groups">Workers, and reducers: each to be spread evenly.</param>
internal sealed class WorkerPlaces(IGrainFactory grains, ActiveSilos silos, params ImmutableArray<ImmutableArray<IRefinementGrain>> groups)
{
    private ImmutableHashSet<SiloAddress> _spreadOver = [];
    private ImmutableHashSet<SiloAddress> _noneLeaves = [];

    /// <summary>Whether the attempt should end at a checkpoint, for the next one to begin elsewhere: a silo with part of it leaves, or, once it is saved anyway, silos joined and the load is uneven.</summary>
    public async Task<bool> MustMoveAsync(bool isSaved)
    {
        var now = silos.Now;
        if (silos.IsLeaving)
            return true;
        if (now.SetEquals(isSaved ? _spreadOver : _noneLeaves))
            return false;
        foreach (var group in groups)
        {
            var places = await FindAsync(group);
            if (Leaves(places, now) || (isSaved && IsUneven(places, now)))
                return true;
        }
        _noneLeaves = now;
        if (isSaved)
            _spreadOver = now;
        return false;
    }

    /// <summary>Lets those go that are on silos which leave, and those of an uneven group that placement would put elsewhere. The next call places them.</summary>
    public async Task SpreadAsync(long epoch)
    {
        var now = silos.Now;
        if (now.SetEquals(_spreadOver))
            return;
        var leaving = new List<IRefinementGrain>();
        foreach (var group in groups)
        {
            var places = await FindAsync(group);
            var uneven = IsUneven(places, now);
            for (var i = 0; i < group.Length; i++)
            {
                if (places[i] is { } place && (!now.Contains(place) || (uneven && !place.Equals(SpreadPlacementDirector.SiloOf(group[i].GetGrainId(), now)))))
                    leaving.Add(group[i]);
            }
        }
        await ReleaseAsync(leaving, epoch);
    }

    /// <summary>Lets all go, of this attempt and of earlier ones.</summary>
    public Task ReleaseAllAsync(long epoch) => ReleaseAsync(groups.SelectMany(group => group), epoch);

    private static bool Leaves(SiloAddress?[] places, ImmutableHashSet<SiloAddress> now) => places.Any(place => place is not null && !now.Contains(place));

    private static bool IsUneven(SiloAddress?[] places, ImmutableHashSet<SiloAddress> now) =>
        now.Count > 0 && places.OfType<SiloAddress>().GroupBy(place => place).Any(silo => silo.Count() > (places.Length + now.Count - 1) / now.Count);

    private static async Task ReleaseAsync(IEnumerable<IRefinementGrain> leaving, long epoch) =>
        await Task.WhenAll(leaving.Select(grain => grain.ReleaseAsync(epoch))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private async Task<SiloAddress?[]> FindAsync(ImmutableArray<IRefinementGrain> group)
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        return await Task.WhenAll(group.Select(async grain => (SiloAddress?)await management.GetActivationAddress(grain)));
    }
}
