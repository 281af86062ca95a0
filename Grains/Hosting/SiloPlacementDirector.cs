using Orleans.Runtime.Placement;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>The grain whose key is a silo's address goes there.</summary>
public sealed class SiloPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString();
        return Task.FromResult(Array.Find(context.GetCompatibleSilos(target), silo => silo.ToParsableString() == key)
            ?? throw new SiloUnavailableException($"the silo {key} is not in the cluster"));
    }
}
