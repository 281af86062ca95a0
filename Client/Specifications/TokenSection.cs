using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>tokens</c>: how texts become tokens, as a word or as a mapping.</summary>
internal sealed class TokenSection(ProblemList problems)
{
    private const string Example = "tokens: { kind: words, vocabulary: 4096 }";

    private static readonly string[] Kinds = ["words", "pattern", "characters", "bytes"];

    private readonly FieldValues _values = new(problems);

    public TokenSpecification Read(Field field)
    {
        if (field.Value is ScalarNode)
            return new TokenSpecification { Kind = KindOf(field) ?? TokenKind.Words };
        if (Section.Of(problems, field, Example) is not { } section)
            return new TokenSpecification();
        section.RefuseOthers(["kind", "pattern", "lowerCase", "vocabulary", "block"], []);
        var pattern = section.Find("pattern");
        var kind = section.Find("kind") is { } given ? KindOf(given) ?? TokenKind.Words : pattern is null ? TokenKind.Words : TokenKind.Pattern;
        if (pattern is null && kind == TokenKind.Pattern)
            problems.Add(field.At, $"'{field.Path}' are the matches of a pattern, and there is none; add it, e.g. pattern: '[a-z]+|[0-9]+'");
        if (pattern is not null && kind != TokenKind.Pattern)
            problems.Add(pattern.At, $"'{pattern.Path}' goes with kind: pattern, and the kind is {Kinds[(int)kind]}; remove one of them");
        var tokens = new TokenSpecification { Kind = kind, Pattern = pattern is null ? null : ReadPattern(pattern) };
        if (section.Find("lowerCase") is { } lower)
            tokens = tokens with { LowerCase = _values.Truth(lower) ?? true };
        if (section.Find("vocabulary") is { } size)
            tokens = tokens with { Vocabulary = (int)(_values.Whole(size, (2, 1 << 24), "vocabulary: 4096") ?? TokenSpecification.DefaultVocabulary) };
        if (section.Find("block") is { } block)
            tokens = tokens with { Block = (int)(_values.Whole(block, (2, 1 << 24), "block: 1000") ?? 0) };
        return tokens;
    }

    private TokenKind? KindOf(Field field) => _values.Choice(field, Kinds) is { } kind ? (TokenKind)kind : null;

    private string? ReadPattern(Field field)
    {
        if (_values.Text(field, "a regular expression of .NET, e.g. '[a-z]+|[0-9]+'") is not { } pattern)
            return null;
        try
        {
            Tokenizers.Of(new TokenSpecification { Kind = TokenKind.Pattern, Pattern = pattern });
        }
        catch (TokenException exception)
        {
            problems.Add(field.At, $"'{field.Path}': {Quoted.Escape(exception.Message)}; {exception.Remedy}");
        }
        return pattern;
    }
}
