namespace ExplicitCluster.Grains.Models;

/// <summary>What a shard added to a count, or took from it when it went.</summary>
/// <param name="IsAdded">Whether the shard came.</param>
/// <param name="Shard">Its place in the lineage of the model that has it.</param>
/// <param name="Count">What it holds of the count.</param>
public sealed record ShardMovement(bool IsAdded, int Shard, double Count);
