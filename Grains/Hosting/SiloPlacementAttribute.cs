using Orleans.Placement;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>Places a grain on the silo whose address is its key.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement());
