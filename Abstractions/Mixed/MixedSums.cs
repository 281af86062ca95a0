using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Texts;

namespace ExplicitCluster.Abstractions.Mixed;

/// <summary>Losses of trials over some rows with their derivatives, one a trial.</summary>
[GenerateSerializer, Immutable, Alias("explicit.MixedSums")]
public sealed record MixedSums([property: Id(0)] ImmutableArray<FitSums> Trials);
