namespace ExplicitCluster.Abstractions.Jobs;

[GenerateSerializer, Immutable, Alias("explicit.MemoryItem")]
public sealed record MemoryItem(
    [property: Id(0)] string What,
    [property: Id(1)] long Bytes);
