namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>How texts become tokens, and which of them have ids of their own.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TokenSpecification")]
public sealed record TokenSpecification
{
    public const int DefaultVocabulary = 4096;

    [Id(0)] public TokenKind Kind { get; init; }

    /// <summary>The regular expression of .NET: of kind pattern its matches are the tokens, of byte pairs those are cut from each match.</summary>
    [Id(1)] public string? Pattern { get; init; }

    /// <summary>Whether text is made lower case first; never for bytes and byte pairs.</summary>
    [Id(2)] public bool LowerCase { get; init; } = true;

    /// <summary>Most ids, that of unknown tokens included.</summary>
    [Id(3)] public int Vocabulary { get; init; } = DefaultVocabulary;

    /// <summary>Where above 0, documents are blocks of so many tokens of a source's whole text, and what is left at its end is dropped; otherwise every row is one.</summary>
    [Id(4)] public int Block { get; init; }

    /// <summary>Of byte pairs: the name of a vocabulary that comes with the program, or the path of one.</summary>
    [Id(5)] public string? Encoding { get; init; }

    /// <summary>Of byte pairs: hex SHA-256 of that vocabulary, a line a token with its bytes in base64 and its rank.</summary>
    [Id(6)] public string? EncodingSha256 { get; init; }
}
