using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models;

/// <summary>A count of an input and a class in two models: rows for blocks, the sum of the input's shares for other rows.</summary>
/// <param name="Input">The input.</param>
/// <param name="Label">The class.</param>
/// <param name="From">In the first model.</param>
/// <param name="To">In the second.</param>
/// <param name="Grown">What it would be in the second had the class as a whole grown or shrunk, and nothing else happened.</param>
public sealed record MovedCount(int Input, string Label, double From, double To, double Grown)
{
    /// <summary>The shards that moved it, most first.</summary>
    public ImmutableArray<ShardMovement> Shards { get; init; } = [];
}
