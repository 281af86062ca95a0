using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>Sum one tile of a unit over the shards, fold by fold, and over all of them.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Shards">Hashes of the shards, in order: the names of their statistics within the unit's folders.</param>
/// <param name="Statistics">Where the sums go.</param>
/// <param name="TileIndex">Which tile.</param>
[GenerateSerializer, Immutable, Alias("explicit.GridReduceWork")]
public sealed record GridReduceWork(
    [property: Id(0)] GridUnit Unit,
    [property: Id(1)] ImmutableArray<string> Shards,
    [property: Id(2)] GridStatistics Statistics,
    [property: Id(3)] int TileIndex);
