using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Mixed;

/// <summary>A K for each group under one alpha.</summary>
/// <param name="Alpha">Index of the candidate.</param>
/// <param name="K">A K a group.</param>
[GenerateSerializer, Immutable, Alias("explicit.MixedTrial")]
public sealed record MixedTrial(
    [property: Id(0)] int Alpha,
    [property: Id(1)] ImmutableArray<double> K);
