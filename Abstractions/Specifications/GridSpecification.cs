using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What a grid tries: every combination (docs/specification.md, grid).</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridSpecification")]
public sealed record GridSpecification
{
    public const int DefaultFolds = 5;
    public const int MostFolds = 100;

    /// <summary>Settings times folds and one: what a shard's sums are about, which go into one message.</summary>
    public const int MostSums = 100_000;

    /// <summary>Candidates for K, ascending, each above 0.</summary>
    [Id(0)] public ImmutableArray<double> K { get; init; } = SolveSpecification.AutoK;

    /// <summary>Candidates for the smoothing of counts, ascending, each above 0.</summary>
    [Id(1)] public ImmutableArray<double> Alpha { get; init; } = SolveSpecification.AutoAlpha;

    /// <summary>Candidates for the smoothing of observed priors, ascending, each at least 0.</summary>
    [Id(2)] public ImmutableArray<double> Beta { get; init; } = [0];

    [Id(3)] public ImmutableArray<GridPrior> Priors { get; init; } = [GridPrior.Observed];

    /// <summary>Groups of feature maps, each by the ascending indices of its maps.</summary>
    [Id(4)] public required ImmutableArray<ImmutableArray<int>> Groups { get; init; }

    /// <summary>Folds of the cross-validation.</summary>
    [Id(5)] public int Folds { get; init; } = DefaultFolds;

    /// <summary>Priors with their beta, in order.</summary>
    public IReadOnlyList<(GridPrior Prior, double Beta)> PriorSettings =>
        [.. Priors.SelectMany(prior => prior == GridPrior.Uniform ? [(prior, 0.0)] : Beta.Select(beta => (prior, beta)))];

    /// <summary>Combinations of all but folds.</summary>
    public long Settings => (long)Groups.Length * PriorSettings.Count * Alpha.Length * K.Length;
}
