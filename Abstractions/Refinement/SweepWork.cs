using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>What workers and reducers of scaling sweeps must know.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SweepWork")]
public sealed record SweepWork
{
    /// <summary>Grows with every attempt at the sweeps: calls of an earlier one are refused.</summary>
    [Id(0)] public required long Epoch { get; init; }

    [Id(1)] public required MergedStatistics Merged { get; init; }

    [Id(2)] public required RowLayoutKey Layout { get; init; }

    /// <summary>Rows that a code must have occurred in to be kept.</summary>
    [Id(3)] public required int Compact { get; init; }

    [Id(4)] public required SweepSpecification Settings { get; init; }

    [Id(5)] public required long Seed { get; init; }

    [Id(6)] public required int Workers { get; init; }

    /// <summary>Where to go on; null at the start.</summary>
    [Id(7)] public RefinementCheckpoint? Checkpoint { get; init; }

    /// <summary>K, alpha and beta of the explicit start; null where the prior is the start.</summary>
    [Id(8)] public JobChoice? Start { get; init; }

    /// <summary>Of a layer whose targets are sub-classes: how rows are told into them; null where they are labels.</summary>
    [Id(9)] public SubclassWork? Subclasses { get; init; }

    public static string WorkerFile(string checkpoint, int worker) => $"{checkpoint}/worker-{worker:D4}";

    public static string RunFile(string checkpoint, int run) => $"{checkpoint}/run-{run:D4}";
}
