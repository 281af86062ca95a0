using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Tokens;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>tokens</c>: how texts become tokens, as a word or as a mapping. Relative paths are relative to the specification's folder.</summary>
internal sealed class TokenSection(ProblemList problems, string folder)
{
    private const string Example = "tokens: { kind: words, vocabulary: 4096 }";
    private const int MostIds = 1 << 24;

    private static readonly string[] Kinds = ["words", "pattern", "characters", "bytes", "bpe"];

    private readonly FieldValues _values = new(problems);

    public TokenSpecification Read(Field field)
    {
        if (field.Value is ScalarNode)
            return KindOf(field) is { } bare && bare != TokenKind.BytePairs ? new TokenSpecification { Kind = bare } : Lacking(field);
        if (Section.Of(problems, field, Example) is not { } section)
            return new TokenSpecification();
        section.RefuseOthers(["kind", "pattern", "lowerCase", "vocabulary", "ids", "block"], []);
        var pattern = section.Find("pattern");
        var kind = section.Find("kind") is { } given ? KindOf(given) ?? TokenKind.Words : pattern is null ? TokenKind.Words : TokenKind.Pattern;
        var tokens = kind == TokenKind.BytePairs ? ReadBytePairs(section, pattern) : ReadOthers(section, field, pattern, kind);
        if (section.Find("block") is { } block)
            tokens = tokens with { Block = (int)(_values.Whole(block, (2, MostIds), "block: 1000") ?? 0) };
        return tokens;
    }

    private TokenSpecification ReadOthers(Section section, Field field, Field? pattern, TokenKind kind)
    {
        section.Refuse(["ids"], key => $"'{field.Path}.{key}' goes with kind: bpe, and the kind is {Kinds[(int)kind]}; write vocabulary: 4096 for the most ids");
        if (pattern is null && kind == TokenKind.Pattern)
            problems.Add(field.At, $"'{field.Path}' are the matches of a pattern, and there is none; add it, e.g. pattern: '[a-z]+|[0-9]+'");
        if (pattern is not null && kind != TokenKind.Pattern)
            problems.Add(pattern.At, $"'{pattern.Path}' goes with kind: pattern or bpe, and the kind is {Kinds[(int)kind]}; remove one of them");
        var tokens = new TokenSpecification { Kind = kind, Pattern = pattern is null ? null : ReadPattern(pattern) };
        if (section.Find("lowerCase") is { } lower)
            tokens = tokens with { LowerCase = _values.Truth(lower) ?? true };
        if (section.Find("vocabulary") is { } size)
            tokens = tokens with { Vocabulary = (int)(_values.Whole(size, (2, MostIds), "vocabulary: 4096") ?? TokenSpecification.DefaultVocabulary) };
        return tokens;
    }

    /// <summary>The vocabulary of byte pairs is a name or a file, and every token of it that was seen has an id.</summary>
    private TokenSpecification ReadBytePairs(Section section, Field? pattern)
    {
        section.Refuse(["lowerCase"], key => $"'tokens.{key}' does not go with kind: bpe, whose vocabulary has both cases; remove it");
        var tokens = new TokenSpecification { Kind = TokenKind.BytePairs };
        if (section.Require("vocabulary", $"vocabulary: {KnownEncoding.All[0].Name}") is { } field
            && _values.Text(field, $"{KeyNames.List([.. KnownEncoding.All.Select(known => known.Name)])}, or the path of a vocabulary in the format of tiktoken") is { } name)
        {
            try
            {
                tokens = Tokenizers.OfBytePairs(KnownEncoding.Find(name) is null ? Path.GetFullPath(name, folder) : name, pattern is null ? null : ReadPattern(pattern));
            }
            catch (TokenException exception)
            {
                problems.Add(field.At, $"'{field.Path}': {Quoted.Escape(exception.Message)}; {exception.Remedy}");
            }
        }
        return section.Find("ids") is { } ids && _values.Whole(ids, (2, MostIds), "ids: 32768") is { } most
            ? tokens with { Vocabulary = (int)Math.Min(most, tokens.Vocabulary) }
            : tokens;
    }

    private TokenSpecification Lacking(Field field)
    {
        if (field.Value is ScalarNode { Text: "bpe" })
            problems.Add(field.At, $"'{field.Path}' are byte pairs of no vocabulary; name it, e.g. tokens: {{ kind: bpe, vocabulary: {KnownEncoding.All[0].Name} }}");
        return new TokenSpecification();
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
