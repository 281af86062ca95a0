namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>SHA-256 of the artifact that a solved tile was written to.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TileWeights")]
public sealed record TileWeights([property: Id(0)] string Sha256);
