namespace ExplicitCluster.Grains.Models;

/// <summary>A shard's rows and hash; its statistics can be taken out again exactly.</summary>
public sealed record LineageShard(int Source, long FirstRow, int Rows, string Hash);
