namespace ExplicitCluster.Numerics.Tokens;

/// <summary>
/// Tokens and their ids. Id 0 stands for every token that is not in the vocabulary; the others have the ids from 1, the most frequent first,
/// ties in ordinal order. It may be asked by many threads at once.
/// </summary>
public sealed class TokenVocabulary
{
    /// <summary>The id of tokens that are not in the vocabulary.</summary>
    public const int Unknown = 0;

    private readonly TokenTable _table = new();

    /// <param name="tokens">The tokens of the ids from 1.</param>
    /// <exception cref="ArgumentException">A token occurs twice.</exception>
    public TokenVocabulary(TokenBuffer tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (_table.FindOrAdd(tokens[i]) != i)
                throw new ArgumentException($"token {i + 1} of the vocabulary is in it already", nameof(tokens));
        }
    }

    /// <summary>Number of ids, the unknown one included.</summary>
    public int Size => _table.Count + 1;

    /// <summary>The vocabulary of the most frequent tokens, of at most <paramref name="size"/> ids.</summary>
    public static TokenVocabulary Of(TokenCounts counts, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var tokens = new TokenBuffer();
        foreach (var number in counts.Frequent(size - 1))
            tokens.Add(counts.Token(number));
        return new TokenVocabulary(tokens);
    }

    /// <summary>The bytes of a token; none for id 0.</summary>
    public ReadOnlySpan<byte> Token(int id) => id == Unknown ? default : _table[id - 1];

    /// <summary>The id of a token, 0 for one that is not in the vocabulary.</summary>
    public int IdOf(ReadOnlySpan<byte> token) => _table.Find(token) + 1;

    /// <summary>Writes the ids of all tokens.</summary>
    public void IdsOf(TokenBuffer tokens, Span<int> ids)
    {
        for (var i = 0; i < tokens.Count; i++)
            ids[i] = IdOf(tokens[i]);
    }
}
