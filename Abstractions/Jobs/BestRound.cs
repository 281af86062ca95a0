namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>The parameters of the best round of an averaging.</summary>
/// <param name="Round">From 1; 0 is the start.</param>
/// <param name="Name">Artifact that holds them.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="CrossEntropy">Nats a row of those that decide: the held-out rows where there are any, otherwise the training rows.</param>
[GenerateSerializer, Immutable, Alias("explicit.BestRound")]
public sealed record BestRound(
    [property: Id(0)] int Round,
    [property: Id(1)] string Name,
    [property: Id(2)] string Sha256,
    [property: Id(3)] double CrossEntropy);
