namespace ExplicitCluster.Grains.Hosting;

[GenerateSerializer, Alias("explicit.SpreadPlacement")]
public sealed class SpreadPlacement : PlacementStrategy;
