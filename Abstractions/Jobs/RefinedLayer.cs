using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>How a layer below was refined, on its own loss alone.</summary>
/// <param name="Name">Artifact that holds how far its table moved.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="Method">What refined it.</param>
/// <param name="Rounds">Rounds or sweeps, with the losses of the layer as a classifier of whole rows.</param>
/// <param name="Ended">Why it ended early; null where it did not.</param>
/// <param name="Published">The round whose table is used, where that is not the last; 0 is the start.</param>
[GenerateSerializer, Immutable, Alias("explicit.RefinedLayer")]
public sealed record RefinedLayer(
    [property: Id(0)] string Name,
    [property: Id(1)] string Sha256,
    [property: Id(2)] RefineMethod Method,
    [property: Id(3)] ImmutableArray<RefinementRound> Rounds,
    [property: Id(4)] string? Ended,
    [property: Id(5)] int? Published)
{
    /// <summary>Of sweeps: how far a block moved in the mean, in nats of a mean score; by it a row is left out of what moved.</summary>
    [Id(6)] public double Step { get; init; }
}
