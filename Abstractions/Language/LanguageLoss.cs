namespace ExplicitCluster.Abstractions.Language;

/// <summary>How a model does on some documents; those of disjoint documents add up.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Tokens">Their tokens, unknown ones included.</param>
/// <param name="Unknown">Tokens that are not in the vocabulary; they count as the one id 0.</param>
/// <param name="Loss">Sum of -log p in units of 2^-40 nats.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageLoss")]
public sealed record LanguageLoss(
    [property: Id(0)] long Documents,
    [property: Id(1)] long Tokens,
    [property: Id(2)] long Unknown,
    [property: Id(3)] Int128 Loss);
