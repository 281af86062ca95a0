using ExplicitCluster.Abstractions.Silos;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What a silo said of itself, and when.</summary>
internal sealed record SiloReading(DateTimeOffset Time, SiloStatusReport Report);
