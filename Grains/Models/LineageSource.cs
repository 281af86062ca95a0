using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Models;

/// <summary>A source by what it was read from and by its content; <paramref name="Rows"/> includes those removed from it.</summary>
public sealed record LineageSource(string Id, ImmutableArray<string> Files, long Rows)
{
    /// <summary>What the specification said of its rows.</summary>
    public ImmutableArray<SourceTag> Tags { get; init; } = [];

    /// <summary>Rows that were not learned from.</summary>
    public ImmutableArray<RemovedRows> Removed { get; init; } = [];
}
