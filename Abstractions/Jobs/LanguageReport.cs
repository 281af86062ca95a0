namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>How a language model does on documents.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Tokens">Their tokens, unknown ones included.</param>
/// <param name="Unknown">Tokens that are not in the vocabulary; they count as one.</param>
/// <param name="CrossEntropy">Mean of -log p, nats a token.</param>
/// <param name="Perplexity">Its exponential.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageReport")]
public sealed record LanguageReport(
    [property: Id(0)] long Documents,
    [property: Id(1)] long Tokens,
    [property: Id(2)] long Unknown,
    [property: Id(3)] double CrossEntropy,
    [property: Id(4)] double Perplexity);
