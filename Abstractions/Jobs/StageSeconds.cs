namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>Wall seconds of a job and of its stages.</summary>
[GenerateSerializer, Immutable, Alias("explicit.StageSeconds")]
public sealed record StageSeconds(
    [property: Id(0)] double Total,
    [property: Id(1)] double Read,
    [property: Id(2)] double Statistics,
    [property: Id(3)] double Reduce,
    [property: Id(4)] double Solve,
    [property: Id(5)] double Refine,
    [property: Id(6)] double Evaluate);
