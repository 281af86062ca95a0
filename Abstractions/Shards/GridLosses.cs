using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>Leave-one-out losses of some rows, (alphas, Ks), row-major, in units of 2^-40 nats.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridLosses")]
public sealed record GridLosses(
    [property: Id(0)] long Rows,
    [property: Id(1)] ImmutableArray<Int128> Losses);
