namespace ExplicitCluster.Abstractions.Shards;

/// <summary>What one pass over a source of texts found.</summary>
/// <param name="Bytes">UTF-8 of all texts together.</param>
/// <param name="Longest">Bytes of the longest text.</param>
/// <param name="Empty">Rows whose text is empty; they count as rows.</param>
/// <param name="Replaced">Rows with bytes that are no UTF-8; each such sequence reads as U+FFFD.</param>
/// <param name="HasWeights">Whether every row has a weight.</param>
/// <param name="IndexName">Artifact that says where rows are in the file, <c>datasets/ID/index</c>; null where rows were decoded.</param>
[GenerateSerializer, Immutable, Alias("explicit.SourceTexts")]
public sealed record SourceTexts(
    [property: Id(0)] long Bytes,
    [property: Id(1)] int Longest,
    [property: Id(2)] long Empty,
    [property: Id(3)] long Replaced,
    [property: Id(4)] bool HasWeights,
    [property: Id(5)] string? IndexName);
