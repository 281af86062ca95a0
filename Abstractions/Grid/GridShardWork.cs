using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>Which rows, and the units they are counted for.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridShardWork")]
public sealed record GridShardWork(
    [property: Id(0)] ShardWork Work,
    [property: Id(1)] ImmutableArray<GridUnit> Units)
{
    public int Folds => Units[0].FoldFolders.Length;
}
