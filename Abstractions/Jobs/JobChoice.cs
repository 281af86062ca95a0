using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>What leave-one-out chose in a job, kept so that a resumed job does not score its rows again.</summary>
/// <param name="Statistics">Name of the merged statistics that it was chosen from; with others it does not count.</param>
/// <param name="K">The chosen K.</param>
/// <param name="Alpha">The chosen smoothing.</param>
/// <param name="Grid">Every candidate's loss; empty where nothing was to be chosen.</param>
[GenerateSerializer, Immutable, Alias("explicit.JobChoice")]
public sealed record JobChoice(
    [property: Id(0)] string Statistics,
    [property: Id(1)] double K,
    [property: Id(2)] double Alpha,
    [property: Id(3)] ImmutableArray<GridPoint> Grid)
{
    /// <summary>Of mixed rows the K of each group, of which <see cref="K"/> is the sum; empty for others.</summary>
    [Id(4)] public ImmutableArray<double> GroupKs { get; init; } = [];
}
