using Orleans.Placement;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>Spreads the grains of a class over the silos by their keys alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SpreadPlacementAttribute() : PlacementAttribute(new SpreadPlacement());
