namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Rows of a source that do not count any more.</summary>
/// <param name="First">First row, from 0.</param>
/// <param name="Last">Last row, included.</param>
[GenerateSerializer, Immutable, Alias("explicit.RemovedRows")]
public sealed record RemovedRows(
    [property: Id(0)] long First,
    [property: Id(1)] long Last);
