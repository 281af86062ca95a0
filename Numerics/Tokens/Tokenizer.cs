namespace ExplicitCluster.Numerics.Tokens;

/// <summary>
/// Splits UTF-8 text into tokens. A tokenizer has no state that outlives a call, except memory that it uses again: one belongs to one thread.
/// Where bytes are no UTF-8, every maximal part that could not be decoded counts as the character U+FFFD.
/// </summary>
public abstract class Tokenizer
{
    /// <summary>Appends the tokens of <paramref name="text"/>, in order; none is empty.</summary>
    /// <exception cref="TokenException">The text cannot be split by this rule.</exception>
    public abstract void Split(ReadOnlySpan<byte> text, TokenBuffer tokens);
}
