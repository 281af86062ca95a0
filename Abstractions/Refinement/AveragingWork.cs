using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Abstractions.Texts;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>What the workers of an averaging must know.</summary>
[GenerateSerializer, Immutable, Alias("explicit.AveragingWork")]
public sealed record AveragingWork
{
    /// <summary>Grows with every attempt: calls of an earlier one are refused.</summary>
    [Id(0)] public required long Epoch { get; init; }

    [Id(1)] public required MergedStatistics Merged { get; init; }

    [Id(2)] public required RowLayoutKey Layout { get; init; }

    /// <summary>Blocks: rows that a code must have occurred in to be kept.</summary>
    [Id(3)] public required int Compact { get; init; }

    [Id(4)] public required AveragingSpecification Settings { get; init; }

    [Id(5)] public required long Seed { get; init; }

    /// <summary>K, alpha and beta of the explicit start.</summary>
    [Id(6)] public required SolveSetting Start { get; init; }

    /// <summary>Grains that average; part p goes to number p mod reducers.</summary>
    [Id(7)] public required int Reducers { get; init; }

    /// <summary>Where to go on; null at the start.</summary>
    [Id(8)] public RefinementCheckpoint? Checkpoint { get; init; }

    /// <summary>How texts or sparse rows become rows; null where rows are others.</summary>
    [Id(9)] public TextWork? Text { get; init; }

    /// <summary>Of a layer whose targets are sub-classes: how rows are told into them; null where they are labels.</summary>
    [Id(10)] public SubclassWork? Subclasses { get; init; }

    /// <summary>Of a layer whose targets are codes of the labels: these; null where they are no codes.</summary>
    [Id(11)] public HiddenTargetSpecification? Codes { get; init; }
}
