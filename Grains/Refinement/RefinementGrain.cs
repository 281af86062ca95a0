using ExplicitCluster.Abstractions.Refinement;
using Orleans.Runtime.Placement;

namespace ExplicitCluster.Grains.Refinement;

/// <inheritdoc cref="IRefinementGrain"/>
internal abstract class RefinementGrain : Grain, IRefinementGrain
{
    /// <summary>The attempt that it was last prepared for.</summary>
    protected abstract long Epoch { get; }

    public Task<SiloAddress> PlaceAsync(SiloAddress? wanted, CancellationToken cancellationToken = default)
    {
        var here = GrainContext.Address.SiloAddress!;
        if (wanted is not null && !wanted.Equals(here))
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, wanted);
            MigrateOnIdle();
        }
        return Task.FromResult(here);
    }

    public Task ReleaseAsync(long epoch, CancellationToken cancellationToken = default)
    {
        if (Epoch <= epoch)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
