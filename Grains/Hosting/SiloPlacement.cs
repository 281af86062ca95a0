namespace ExplicitCluster.Grains.Hosting;

[GenerateSerializer, Alias("explicit.SiloPlacement")]
public sealed class SiloPlacement : PlacementStrategy;
