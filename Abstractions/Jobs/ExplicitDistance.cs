namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>How the parameters of an averaging lie to the explicit solution, bias and weights in one list, what all classes share left out (docs/math.md 9).</summary>
/// <param name="Distance">Euclidean.</param>
/// <param name="Cosine">Of the angle between them; null where one of them is 0.</param>
[GenerateSerializer, Immutable, Alias("explicit.ExplicitDistance")]
public sealed record ExplicitDistance(
    [property: Id(0)] double Distance,
    [property: Id(1)] double? Cosine);
