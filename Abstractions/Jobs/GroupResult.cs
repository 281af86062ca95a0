namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>What became of one group of mixed rows.</summary>
/// <param name="Map">Name of its feature map.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="K">Fitted together with those of the other groups; below 0 where it takes back what they count too often.</param>
/// <param name="StatisticsSha256">SHA-256 of its merged statistics.</param>
/// <param name="ReusedShards">Shards whose statistics were already in the store.</param>
[GenerateSerializer, Immutable, Alias("explicit.GroupResult")]
public sealed record GroupResult(
    [property: Id(0)] string Map,
    [property: Id(1)] int Inputs,
    [property: Id(2)] double K,
    [property: Id(3)] string StatisticsSha256,
    [property: Id(4)] int ReusedShards);
