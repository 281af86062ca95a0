using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Models;

/// <summary>How a model's weights were refined.</summary>
public sealed record ModelRefinement(RefineMethod Method, ImmutableArray<RefinementRound> Rounds);
