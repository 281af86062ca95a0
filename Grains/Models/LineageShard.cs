namespace ExplicitCluster.Grains.Models;

/// <summary>A shard's rows and hash; its statistics can be taken out again exactly.</summary>
/// <param name="Source">Index of its source.</param>
/// <param name="FirstRow">First row that counts.</param>
/// <param name="Rows">Number of rows that count.</param>
/// <param name="Hash">What its statistics are named by.</param>
public sealed record LineageShard(int Source, long FirstRow, int Rows, string Hash)
{
    /// <summary>Last row that counts; the source says which rows between were removed.</summary>
    public long LastRow { get; init; } = FirstRow + Rows - 1;
}
