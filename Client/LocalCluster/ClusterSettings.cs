using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Client.LocalCluster;

/// <summary>What a cluster on this machine is made of.</summary>
/// <param name="Silos">Number of silo processes.</param>
/// <param name="Slots">Compute slots of each.</param>
/// <param name="Folder">Full path of the data folder: Redis' data, the logs and, unless it is elsewhere, the store.</param>
/// <param name="Store">Address of the artifact store.</param>
/// <param name="Redis">A Redis that runs already; null for one of the cluster's own.</param>
internal sealed record ClusterSettings(int Silos, int Slots, string Folder, string Store, ClusterAddress? Redis);
