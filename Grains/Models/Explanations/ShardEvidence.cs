namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>A shard's counts of an input in two classes.</summary>
/// <param name="Shard">The shard's place in the model's lineage.</param>
/// <param name="Count">Of the class that is explained.</param>
/// <param name="AgainstCount">Of the class that it is held against.</param>
public sealed record ShardEvidence(int Shard, double Count, double AgainstCount);
