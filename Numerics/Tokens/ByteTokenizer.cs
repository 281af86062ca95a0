namespace ExplicitCluster.Numerics.Tokens;

/// <summary>Every byte is a token; nothing is decoded and nothing made lower case.</summary>
public sealed class ByteTokenizer : Tokenizer
{
    public override void Split(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        for (var i = 0; i < text.Length; i++)
            tokens.Add(text.Slice(i, 1));
    }
}
