namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>How texts become tokens, and which of them have ids of their own.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TokenSpecification")]
public sealed record TokenSpecification
{
    public const int DefaultVocabulary = 4096;

    [Id(0)] public TokenKind Kind { get; init; }

    /// <summary>Of kind pattern: the regular expression of .NET.</summary>
    [Id(1)] public string? Pattern { get; init; }

    /// <summary>Whether text is made lower case first; never for bytes.</summary>
    [Id(2)] public bool LowerCase { get; init; } = true;

    /// <summary>Most ids, that of unknown tokens included.</summary>
    [Id(3)] public int Vocabulary { get; init; } = DefaultVocabulary;

    /// <summary>Where above 0, documents are blocks of so many tokens of a source's whole text, and what is left at its end is dropped; otherwise every row is one.</summary>
    [Id(4)] public int Block { get; init; }
}
