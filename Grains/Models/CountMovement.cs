using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models;

/// <summary>What became of the counts between two models: the shards that came and went, and the counts that moved most.</summary>
/// <param name="Added">Shards of the second model that the first has not, by their place in its lineage.</param>
/// <param name="Removed">Shards of the first model that the second has not, by their place in its lineage.</param>
/// <param name="Both">How many both have.</param>
public sealed record CountMovement(ImmutableArray<int> Added, ImmutableArray<int> Removed, int Both)
{
    /// <summary>The counts that moved most, first those that moved furthest from where growth alone would have taken them.</summary>
    public ImmutableArray<MovedCount> Moved { get; init; } = [];

    /// <summary>Why counts are not compared; null where they are.</summary>
    public string? NotCompared { get; init; }

    /// <summary>Added and removed shards whose statistics are no longer stored.</summary>
    public int MissingShards { get; init; }
}
