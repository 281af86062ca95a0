using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>A round that ended: what the next one, or the model, is made of.</summary>
/// <param name="Parts">Every part of every set, set by set.</param>
/// <param name="Tokens">Tokens that were learned from.</param>
/// <param name="Loss">Sum of -log p of them, each before its own step, in units of 2^-40 nats.</param>
/// <param name="Seconds">Wall time.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageRoundTotals")]
public sealed record LanguageRoundTotals(
    [property: Id(0)] ImmutableArray<SolvedPart> Parts,
    [property: Id(1)] long Tokens,
    [property: Id(2)] Int128 Loss,
    [property: Id(3)] double Seconds);
