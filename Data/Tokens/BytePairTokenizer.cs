using System.Text;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Data.Tokens;

/// <summary>Tokens of a byte-pair encoding, as the bytes that they stand for: end to end they are the text, where its pattern drops nothing. A token may be a part of a character.</summary>
public sealed class BytePairTokenizer(BytePairEncoding encoding) : Tokenizer
{
    private char[] _text = [];

    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        if (_text.Length < text.Length)
            _text = new char[Math.Max(text.Length, 2 * _text.Length)];
        foreach (var rank in encoding.RanksOf(_text.AsSpan(0, Encoding.UTF8.GetChars(text, _text))))
            tokens.Add(encoding.Vocabulary[rank]);
    }
}
