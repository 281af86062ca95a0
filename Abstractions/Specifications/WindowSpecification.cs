namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Windows over the positions of a layer's features.</summary>
/// <param name="Width">Positions across.</param>
/// <param name="Height">Positions down.</param>
/// <param name="Stride">Positions from one corner to the next, both ways.</param>
[GenerateSerializer, Immutable, Alias("explicit.WindowSpecification")]
public sealed record WindowSpecification(
    [property: Id(0)] int Width,
    [property: Id(1)] int Height,
    [property: Id(2)] int Stride);
