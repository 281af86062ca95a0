using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>What a worker brought to a round.</summary>
/// <param name="Tokens">Tokens that it learned from.</param>
/// <param name="Loss">Sum of -log p of them, each before its own step, in units of 2^-40 nats.</param>
/// <param name="Files">SHA-256 of its artifact of every part.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageLearnt")]
public sealed record LanguageLearnt(
    [property: Id(0)] long Tokens,
    [property: Id(1)] Int128 Loss,
    [property: Id(2)] ImmutableArray<string> Files);
