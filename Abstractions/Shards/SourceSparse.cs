namespace ExplicitCluster.Abstractions.Shards;

/// <summary>What one pass over a source of sparse rows found.</summary>
/// <param name="Inputs">Greatest index of an input, plus 1; at least 1.</param>
/// <param name="Entries">Values other than zero in all rows.</param>
/// <param name="Empty">Rows without a value other than zero; they count as rows.</param>
/// <param name="Merged">Rows that name an input more than once; its values are added up.</param>
/// <param name="IndexName">Artifact that says where rows are in the file, <c>datasets/ID/index</c>; null where rows were decoded.</param>
/// <param name="Longest">Bytes of the longest row, 8 a value; 0 where that was not noted.</param>
[GenerateSerializer, Immutable, Alias("explicit.SourceSparse")]
public sealed record SourceSparse(
    [property: Id(0)] int Inputs,
    [property: Id(1)] long Entries,
    [property: Id(2)] long Empty,
    [property: Id(3)] long Merged,
    [property: Id(4)] string? IndexName,
    [property: Id(5)] int Longest = 0);
