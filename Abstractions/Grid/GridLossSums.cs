using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>Sums of some rows under a unit's settings (see Numerics' GridSums); those of disjoint rows add up.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridLossSums")]
public sealed record GridLossSums(
    [property: Id(0)] ImmutableArray<long> LeftOutRows,
    [property: Id(1)] ImmutableArray<Int128> LeftOutLoss,
    [property: Id(2)] ImmutableArray<long> LeftOutCorrect,
    [property: Id(3)] ImmutableArray<long> FoldRows,
    [property: Id(4)] ImmutableArray<Int128> FoldLoss,
    [property: Id(5)] ImmutableArray<long> FoldCorrect);
