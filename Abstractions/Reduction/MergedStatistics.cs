using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>The merged statistics: where their tiles are, and the totals of the classes.</summary>
/// <param name="Name">Folder of the tiles in the store; a tile's name tells its inputs, first and number.</param>
/// <param name="Labels">Labels of all shards in ordinal order: the numbering of classes.</param>
/// <param name="Tiles">The tiles in order.</param>
/// <param name="Inputs">Inputs over all maps, seen or not.</param>
/// <param name="ClassRows">Rows a class.</param>
/// <param name="ClassMass">Column sums of F, fixed-point units.</param>
/// <param name="ZeroRows">Rows of zero norm.</param>
[GenerateSerializer, Immutable, Alias("explicit.MergedStatistics")]
public sealed record MergedStatistics(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<string> Labels,
    [property: Id(2)] ImmutableArray<Tile> Tiles,
    [property: Id(3)] int Inputs,
    [property: Id(4)] ImmutableArray<long> ClassRows,
    [property: Id(5)] ImmutableArray<long> ClassMass,
    [property: Id(6)] long ZeroRows)
{
    /// <summary>What each class weighs in the solve; empty where all weigh 1.</summary>
    [Id(7)] public ImmutableArray<double> ClassWeights { get; init; } = [];

    /// <summary>
    /// Of mixed rows the statistics of each group, whose inputs follow one another; empty for others. Tiles are then those of the groups, and the totals here those of
    /// the group that the prior is of.
    /// </summary>
    [Id(8)] public ImmutableArray<MergedStatistics> Groups { get; init; } = [];

    /// <summary>The classes of the stored tiles that these are of, ascending; empty where they are of all, as what is on record always is.</summary>
    [JsonIgnore, Id(9)] public ImmutableArray<int> Columns { get; init; } = [];

    /// <summary>What was counted by itself, with its first input in the row: the groups of mixed rows, or the whole.</summary>
    public IEnumerable<(MergedStatistics Merged, int FirstInput)> Parts()
    {
        if (Groups.IsEmpty)
            yield return (this, 0);
        var first = 0;
        foreach (var group in Groups)
        {
            yield return (group, first);
            first += group.Inputs;
        }
    }

    public string TileName(int tile) => $"{Name}/tile-{Tiles[tile].FirstInput}-{Tiles[tile].Inputs}";
}
