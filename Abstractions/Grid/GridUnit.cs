using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>Maps of a grid that are counted together. Maps of blocks are all of one unit; of dense maps, which are normalised together, every group is its own.</summary>
/// <param name="Features">The maps.</param>
/// <param name="Groups">The groups that are scored from it, by the indices of their maps here.</param>
/// <param name="Folder">Folder of the shards' statistics over all rows, <c>statistics/SPEC</c>.</param>
/// <param name="FoldFolders">The same of each fold's rows.</param>
[GenerateSerializer, Immutable, Alias("explicit.GridUnit")]
public sealed record GridUnit(
    [property: Id(0)] ImmutableArray<FeatureMapSpecification> Features,
    [property: Id(1)] ImmutableArray<ImmutableArray<int>> Groups,
    [property: Id(2)] string Folder,
    [property: Id(3)] ImmutableArray<string> FoldFolders);
