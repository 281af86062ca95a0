using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A next-token model from counts: its tokens, its sets of lags, and how those are solved and weighted.</summary>
[GenerateSerializer, Immutable, Alias("explicit.LanguageSpecification")]
public sealed record LanguageSpecification
{
    [Id(0)] public required TokenSpecification Tokens { get; init; }

    /// <summary>Sets of lags, ascending in each; with a set also the one without its largest lag.</summary>
    [Id(1)] public required ImmutableArray<ImmutableArray<int>> Lags { get; init; }

    /// <summary>Whether all counts of a set are lowered by one discount, in place of three.</summary>
    [Id(2)] public bool SingleDiscount { get; init; }

    /// <summary>Whether the longest of the sets [1], [1, 2], ... counts distinct tokens one lag further back, as the shorter ones always do.</summary>
    [Id(3)] public bool ContinuesTop { get; init; }

    /// <summary>Whether cells of several lags that were seen once are dropped.</summary>
    [Id(4)] public bool Prune { get; init; }

    [Id(5)] public LanguageWeights Weights { get; init; } = LanguageWeights.Fitted;

    /// <summary>Whether this is the paper's positional model: single lags and one discount, each lag with its own continuation probabilities.</summary>
    public bool IsPositional => SingleDiscount && Lags.All(set => set.Length == 1);
}
