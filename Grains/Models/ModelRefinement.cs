using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Models;

/// <summary>How a model's weights were refined.</summary>
/// <param name="Method">The way.</param>
/// <param name="Rounds">What each round or sweep brought.</param>
/// <param name="Ended">Why it ended before its last round; null where it did not.</param>
/// <param name="Published">The round whose parameters these are, 0 for the start; null for the last.</param>
public sealed record ModelRefinement(RefineMethod Method, ImmutableArray<RefinementRound> Rounds, string? Ended, int? Published)
{
    /// <summary>Training rows that were not learned from and chose the round; 0 where none were held out.</summary>
    public long HeldOutRows { get; init; }

    /// <summary>Of averaging: where it began, the explicit solution or another start.</summary>
    public RefinementStart? Start { get; init; }

    /// <summary>Of sweeps: the loss as chunks brought it down.</summary>
    public ImmutableArray<SweepLoss> Losses { get; init; } = [];
}
