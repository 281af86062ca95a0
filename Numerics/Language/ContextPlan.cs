namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// The sets of lags of a model, and what must be counted for them. The chain [1], [1, 2], ... [1..k] is counted at its top alone: how many distinct
/// tokens were seen at lag j + 1 before (context of [1..j], word) is the number of cells of [1..j+1] that it has. With continuation at
/// the top as well, [1..k+1] is counted in its place. Lag 1 is always counted, for the unigram probabilities.
/// </summary>
public sealed class ContextPlan
{
    /// <param name="sets">In the order of their weights; with each, the set without its largest lag.</param>
    /// <param name="continuesTop">Whether the top of the chain counts distinct tokens one lag further back, as the sets below it do, and not positions.</param>
    /// <exception cref="LanguageException">A set is missing, or comes twice.</exception>
    public ContextPlan(IReadOnlyList<LagSet> sets, bool continuesTop)
    {
        Sets = [.. sets];
        foreach (var set in sets)
        {
            if (sets.Count(set.Equals) > 1)
                throw new LanguageException($"lags [{set}] come twice", "give each set of lags once");
            if (set.Lower is { } lower && !sets.Contains(lower))
                throw new LanguageException($"lags [{set}] need [{lower}] below them, the same without the largest lag", $"add [{lower}]");
        }
        var chain = sets.Where(set => set.IsChain).ToArray();
        ChainTop = chain.Length == 0 ? 1 : chain.Max(set => set.Last) + (continuesTop ? 1 : 0);
        Counted = [ChainOf(ChainTop), .. Sets.Where(set => !set.IsChain)];
    }

    /// <summary>The sets, in the order of their weights.</summary>
    public LagSet[] Sets { get; }

    /// <summary>The sets whose cells are counted over the documents: the top of the chain, then those that are not of it.</summary>
    public LagSet[] Counted { get; }

    /// <summary>The sets that there are tables of: the chain from [1] to its top, then those that are not of it. It has every set, and may have more.</summary>
    public LagSet[] Tables => [.. Enumerable.Range(1, ChainTop).Select(ChainOf), .. Counted[1..]];

    /// <summary>Number of lags of the chain that is counted.</summary>
    public int ChainTop { get; }

    /// <summary>The largest lag that anything looks at.</summary>
    public int LongestLag => Counted.Max(set => set.Last);

    /// <summary>The chain's set of so many lags.</summary>
    public static LagSet ChainOf(int lags) => new([.. Enumerable.Range(1, lags)]);

    /// <summary>The set whose cells, each counted once, give those of this set; null where they are counted over the documents.</summary>
    public LagSet? DerivedFrom(LagSet set) => set.IsChain && set.Last < ChainTop ? ChainOf(set.Last + 1) : null;

    /// <summary>A set and those below it, the one of a single lag first.</summary>
    public static LagSet[] PathOf(LagSet set)
    {
        var path = new Stack<LagSet>();
        for (var next = set; next is not null; next = next.Lower)
            path.Push(next);
        return [.. path];
    }
}
