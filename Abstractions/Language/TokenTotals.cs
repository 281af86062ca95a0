namespace ExplicitCluster.Abstractions.Language;

/// <summary>The tokens of a shard.</summary>
/// <param name="Tokens">All tokens of its rows or, where they were counted one by one, of its documents.</param>
/// <param name="Name">Artifact with the count of every token; null where they were only numbered.</param>
[GenerateSerializer, Immutable, Alias("explicit.TokenTotals")]
public sealed record TokenTotals(
    [property: Id(0)] long Tokens,
    [property: Id(1)] string? Name);
