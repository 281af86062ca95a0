using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>One step of a job as seen by a watcher. The last event of a stream has a <see cref="Record"/> that is no longer running.</summary>
[GenerateSerializer, Immutable, Alias("explicit.JobEvent")]
public sealed record JobEvent
{
    [Id(0)] public required JobStage Stage { get; init; }
    [Id(1)] public int ShardsDone { get; init; }
    [Id(2)] public int Shards { get; init; }
    [Id(3)] public long RowsDone { get; init; }
    [Id(4)] public long Rows { get; init; }

    /// <summary>Rows a second in this stage; 0 where unknown.</summary>
    [Id(5)] public double RowsPerSecond { get; init; }

    /// <summary>Time left in this stage, where known.</summary>
    [Id(6)] public TimeSpan? Remaining { get; init; }

    /// <summary>The memory plan, with the event that ends the plan stage.</summary>
    [Id(7)] public MemoryPlan? Plan { get; init; }

    /// <summary>The final record, with the last event.</summary>
    [Id(8)] public JobRecord? Record { get; init; }

    /// <summary>Mean cross-entropy of the training rows so far, nats a row; in refinement only.</summary>
    [Id(9)] public double? Loss { get; init; }

    /// <summary>Rounds or sweeps of the refinement that have ended.</summary>
    [Id(10)] public ImmutableArray<RefinementRound> Rounds { get; init; } = [];
}
