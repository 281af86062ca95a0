namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>Leave-one-out cross-entropy (nats a row) of one setting.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridPoint")]
public sealed record GridPoint(
    [property: Id(0)] double K,
    [property: Id(1)] double Alpha,
    [property: Id(2)] double CrossEntropy);
