namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What a token is.</summary>
[GenerateSerializer, Alias("explicit.TokenKind")]
public enum TokenKind
{
    /// <summary>The longest runs of letters, marks and numbers.</summary>
    Words,

    /// <summary>The matches of a regular expression.</summary>
    Pattern,

    /// <summary>Every Unicode character.</summary>
    Characters,

    /// <summary>Every byte.</summary>
    Bytes,

    /// <summary>Byte pairs: the pieces of a vocabulary that was made for it.</summary>
    BytePairs,
}
