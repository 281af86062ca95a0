namespace ExplicitCluster.Numerics.Tokens;

/// <summary>How often each token occurs. Counts of separate texts add up.</summary>
public sealed class TokenCounts
{
    private readonly TokenTable _table = new();
    private long[] _counts = new long[1024];

    /// <summary>Number of distinct tokens.</summary>
    public int Distinct => _table.Count;

    /// <summary>Number of tokens.</summary>
    public long Total { get; private set; }

    /// <summary>A token; numbers are in the order in which tokens came first.</summary>
    public ReadOnlySpan<byte> Token(int number) => _table[number];

    /// <summary>How often the token of this number occurs.</summary>
    public long Count(int number) => _counts[number];

    /// <summary>How often a token occurs; 0 for one that does not.</summary>
    public long CountOf(ReadOnlySpan<byte> token)
    {
        var number = _table.Find(token);
        return number < 0 ? 0 : _counts[number];
    }

    public void Add(ReadOnlySpan<byte> token, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var number = _table.FindOrAdd(token);
        if (number >= _counts.Length)
            Array.Resize(ref _counts, 2 * _counts.Length);
        checked
        {
            _counts[number] += count;
            Total += count;
        }
    }

    public void Add(TokenBuffer tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
            Add(tokens[i]);
    }

    /// <summary>All numbers, in ordinal order of their tokens' bytes, which is that of their characters.</summary>
    public int[] Ordinal()
    {
        var numbers = Enumerable.Range(0, Distinct).ToArray();
        Array.Sort(numbers, (a, b) => Token(a).SequenceCompareTo(Token(b)));
        return numbers;
    }

    /// <summary>The numbers of the <paramref name="most"/> most frequent tokens, the most frequent first, ties in ordinal order.</summary>
    public int[] Frequent(int most)
    {
        var numbers = Enumerable.Range(0, Distinct).ToArray();
        Array.Sort(numbers, (a, b) => _counts[a] != _counts[b] ? _counts[b].CompareTo(_counts[a]) : Token(a).SequenceCompareTo(Token(b)));
        return numbers.AsSpan(0, Math.Min(most, numbers.Length)).ToArray();
    }
}
