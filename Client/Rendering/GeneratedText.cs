using System.Text;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Tokens as people read them: characters and bytes end to end, words with a space between them but before a full stop, comma and the like, and after an opening bracket.</summary>
internal sealed class GeneratedText(TokenSpecification tokens)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();

    /// <summary>What one more token adds to the text.</summary>
    public string Next(ReadOnlySpan<byte> token)
    {
        // A character may be several tokens of one byte: the decoder waits for the rest of it.
        var characters = new char[Encoding.UTF8.GetMaxCharCount(token.Length) + 4];
        var part = new string(characters, 0, _decoder.GetChars(token, characters, flush: false));
        var isJoined = tokens.Kind is TokenKind.Characters or TokenKind.Bytes or TokenKind.BytePairs || _text.Length == 0 || _text[^1] is '(' or '['
            || (part.Length == 1 && ".,;:?!)]".Contains(part[0], StringComparison.Ordinal));
        part = isJoined ? part : $" {part}";
        _text.Append(part);
        return part;
    }

    public override string ToString() => _text.ToString();
}
