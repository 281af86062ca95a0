namespace ExplicitCluster.Numerics.Language;

/// <summary>The lags that an expert looks at: 1 is the token before the one that is predicted. Ascending, at least one.</summary>
public sealed class LagSet : IEquatable<LagSet>
{
    /// <exception cref="LanguageException">There is none, or they are not ascending from at least 1.</exception>
    public LagSet(params ReadOnlySpan<int> lags)
    {
        Lags = lags.ToArray();
        if (lags.IsEmpty)
            throw new LanguageException("a set of lags is empty", "give at least one lag, such as [1]");
        for (var i = 0; i < Lags.Length; i++)
        {
            if (Lags[i] <= (i == 0 ? 0 : Lags[i - 1]))
                throw new LanguageException($"lags [{this}] are not ascending from 1 or more", "write each lag once, the smallest first, such as [1, 3]");
        }
    }

    /// <summary>The lags, the smallest first.</summary>
    public int[] Lags { get; }

    /// <summary>The largest.</summary>
    public int Last => Lags[^1];

    /// <summary>Whether these are 1, 2, ... without a gap, as an n-gram has them.</summary>
    public bool IsChain => Last == Lags.Length;

    /// <summary>Without the largest lag; null for a single one, below which is the unigram.</summary>
    public LagSet? Lower => Lags.Length == 1 ? null : new LagSet(Lags.AsSpan(..^1));

    public bool Equals(LagSet? other) => other is not null && Lags.AsSpan().SequenceEqual(other.Lags);

    public override bool Equals(object? obj) => Equals(obj as LagSet);

    public override int GetHashCode() => Lags.Aggregate(17, HashCode.Combine);

    public override string ToString() => string.Join(", ", Lags);
}
