using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>Weights that were fitted on held-out documents.</summary>
/// <param name="Weights">That of the unigram, then one a set.</param>
/// <param name="CrossEntropy">Of the held-out positions, in nats.</param>
/// <param name="Positions">How many those were.</param>
[GenerateSerializer, Immutable, Alias("explicit.FitResult")]
public sealed record FitResult(
    [property: Id(0)] ImmutableArray<double> Weights,
    [property: Id(1)] double CrossEntropy,
    [property: Id(2)] int Positions);
