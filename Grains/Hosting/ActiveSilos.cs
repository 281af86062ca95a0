using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>The silos that grains are placed on, as this silo knows them.</summary>
internal sealed class ActiveSilos(IClusterManifestProvider manifests, IClusterMembershipService membership, ILocalSiloDetails local)
{
    public ImmutableHashSet<SiloAddress> Now => [.. manifests.Current.Silos.Keys.Where(IsActive)];

    /// <summary>Whether this silo stops.</summary>
    public bool IsLeaving => !IsActive(local.SiloAddress);

    private bool IsActive(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;
}
