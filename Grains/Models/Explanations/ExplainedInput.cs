using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>What one input of a row adds to the distance of two classes' scores.</summary>
/// <param name="Input">The input.</param>
/// <param name="Value">What its weights are multiplied by in this row: 1 for a block's code, the share of the row for others.</param>
/// <param name="Contribution">Nats: the value times the distance of its weights for the two classes.</param>
public sealed record ExplainedInput(int Input, double Value, double Contribution)
{
    /// <summary>How often it was seen in training; null where the statistics are no longer stored.</summary>
    public InputEvidence? Evidence { get; init; }

    /// <summary>The shards with the most of it in the class that it speaks for, most first; empty where it was not asked for, or they are no longer stored.</summary>
    public ImmutableArray<ShardEvidence> Shards { get; init; } = [];
}
