namespace ExplicitCluster.Data.Sources;

/// <summary>Consecutive rows of a source, from 0.</summary>
public readonly record struct RowRange(long First, long Count);
