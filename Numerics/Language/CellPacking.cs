using System.Numerics;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Cells (context, word) as numbers of at most 64 bits: the tokens of the context in fields of equal width, the first lag's in the highest, and the word
/// in the lowest. Ascending cells are therefore together by row, rows by what they share of their first lags. A context before the start
/// of its document has the pad id, which is the size of the vocabulary.
/// </summary>
public sealed class CellPacking
{
    private const int MostBits = 64;

    /// <param name="vocabulary">Number of ids; ids are below it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has less than two ids.</exception>
    public CellPacking(int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 2);
        Vocabulary = vocabulary;
        WordBits = MostBits - BitOperations.LeadingZeroCount((ulong)vocabulary - 1);
        TokenBits = MostBits - BitOperations.LeadingZeroCount((ulong)vocabulary);
    }

    public int Vocabulary { get; }

    /// <summary>The id of a token before the start of its document.</summary>
    public int Pad => Vocabulary;

    /// <summary>Bits of the word.</summary>
    public int WordBits { get; }

    /// <summary>Bits of a token of the context.</summary>
    public int TokenBits { get; }

    /// <summary>The most lags that fit beside a word.</summary>
    public int MostLags => (MostBits - WordBits) / TokenBits;

    /// <exception cref="LanguageException">The set has more lags than fit.</exception>
    public void Check(LagSet set)
    {
        if (set.Lags.Length > MostLags)
        {
            throw new LanguageException(
                $"lags [{set}] do not fit into 64 bits with {Vocabulary} tokens: at most {MostLags} lags do", "use fewer lags in a set or a smaller tokens.vocabulary (of byte pairs: tokens.ids)");
        }
    }

    /// <summary>Bits of a cell of so many lags.</summary>
    public int BitsOf(int lags) => lags * TokenBits + WordBits;

    /// <summary>The context of a cell.</summary>
    public ulong ContextOf(ulong cell) => cell >> WordBits;

    /// <summary>The word of a cell.</summary>
    public int WordOf(ulong cell) => (int)(cell & ((1UL << WordBits) - 1));

    /// <summary>A context without its last <paramref name="lags"/> lags.</summary>
    public ulong Prefix(ulong context, int lags) => context >> (lags * TokenBits);

    /// <summary>The tokens of a context, the first lag's first.</summary>
    public int[] TokensOf(ulong context, int lags)
    {
        var tokens = new int[lags];
        for (var i = lags - 1; i >= 0; i--, context >>= TokenBits)
            tokens[i] = (int)(context & ((1UL << TokenBits) - 1));
        return tokens;
    }

    /// <summary>The context of the word at <paramref name="position"/> of a document.</summary>
    public ulong ContextAt(ReadOnlySpan<int> document, int position, LagSet set)
    {
        var context = 0UL;
        foreach (var lag in set.Lags)
            context = (context << TokenBits) | (uint)(position >= lag ? document[position - lag] : Pad);
        return context;
    }
}
