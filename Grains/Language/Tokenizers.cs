using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>From the specification of tokens to what splits texts.</summary>
public static class Tokenizers
{
    /// <summary>One for one thread.</summary>
    /// <exception cref="TokenException">The pattern is none.</exception>
    public static Tokenizer Of(TokenSpecification tokens) => tokens.Kind switch
    {
        TokenKind.Words => new WordTokenizer(tokens.LowerCase),
        TokenKind.Pattern => new PatternTokenizer(tokens.Pattern!, tokens.LowerCase),
        TokenKind.Characters => new CharacterTokenizer(tokens.LowerCase),
        TokenKind.Bytes => new ByteTokenizer(),
        _ => throw new ArgumentOutOfRangeException(nameof(tokens), tokens.Kind, "a kind of tokens"),
    };

    /// <summary>What decides the tokens of a text, for names of artifacts.</summary>
    public static string Describe(TokenSpecification tokens) => FormattableString.Invariant(
        $"tokens {tokens.Kind.ToString().ToLowerInvariant()} {(tokens.Kind == TokenKind.Pattern ? tokens.Pattern : "")} lower {tokens.LowerCase} block {tokens.Block}\n");
}
