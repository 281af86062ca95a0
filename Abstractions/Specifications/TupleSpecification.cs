namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Tuples of different windows, drawn at random: a block each.</summary>
/// <param name="Size">Windows of a tuple.</param>
/// <param name="Count">Number of tuples.</param>
/// <param name="Seed">First state of SplitMix64.</param>
[GenerateSerializer, Immutable, Alias("explicit.TupleSpecification")]
public sealed record TupleSpecification(
    [property: Id(0)] int Size,
    [property: Id(1)] int Count,
    [property: Id(2)] long Seed);
