namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>Turn one tile of the merged statistics into weights.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SolveWork")]
public sealed record SolveWork(
    [property: Id(0)] MergedStatistics Merged,
    [property: Id(1)] int TileIndex,
    [property: Id(2)] RowLayoutKey Layout,
    [property: Id(3)] double K,
    [property: Id(4)] double Alpha,
    [property: Id(5)] double Beta,
    [property: Id(6)] string WeightsName);
