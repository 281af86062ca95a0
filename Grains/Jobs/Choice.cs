using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>The setting that a job solves with, and the leave-one-out grid that it was chosen from, if any.</summary>
internal sealed record Choice(double K, double Alpha, ImmutableArray<GridPoint> Grid);
