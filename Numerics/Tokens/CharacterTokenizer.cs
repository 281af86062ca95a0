using System.Text;

namespace ExplicitCluster.Numerics.Tokens;

/// <summary>Every Unicode character (scalar value) is a token, spaces and line ends too.</summary>
/// <param name="lowerCase">Whether characters are first made lower case, each by its simple mapping, in no language.</param>
public sealed class CharacterTokenizer(bool lowerCase = true) : Tokenizer
{
    public override void Split(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            tokens.Commit((lowerCase ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf8(tokens.Room(4)));
            text = text[length..];
        }
    }
}
