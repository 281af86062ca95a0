using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A learning curve: the error on test rows of solutions from more and more of the training shards.</summary>
[GenerateSerializer, Immutable, Alias("explicit.CurveSpecification")]
public sealed record CurveSpecification
{
    public static ImmutableArray<double> DefaultShares { get; } = [1, 3, 10, 30, 100];

    /// <summary>Parts of the shards in per cent, ascending, the last 100; each is rounded up to whole shards.</summary>
    [Id(0)] public ImmutableArray<double> Shares { get; init; } = DefaultShares;
}
