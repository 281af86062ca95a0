using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>A job's durable record (<c>jobs/ID/job.json</c>): stages, never a line a shard.</summary>
[GenerateSerializer, Immutable, Alias("explicit.JobRecord")]
public sealed record JobRecord
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required JobSpecification Specification { get; init; }
    [Id(2)] public required JobStatus Status { get; init; }
    [Id(3)] public required JobStage Stage { get; init; }
    [Id(4)] public required DateTimeOffset Started { get; init; }
    [Id(5)] public DateTimeOffset? Ended { get; init; }
    [Id(6)] public JobResult? Result { get; init; }
    [Id(7)] public JobFailure? Failure { get; init; }

    /// <summary>Times that a coordinator took the job on: 1, and once more for each that died or was resumed.</summary>
    [Id(8)] public int Attempts { get; init; } = 1;

    /// <summary>The last of what had to be tried again, oldest first.</summary>
    [Id(9)] public ImmutableArray<JobRetry> Retries { get; init; } = [];

    /// <summary>What leave-one-out chose, once it has.</summary>
    [Id(10)] public JobChoice? Choice { get; init; }

    /// <summary>The same for the layers below.</summary>
    [Id(12)] public ImmutableArray<JobChoice> LayerChoices { get; init; } = [];

    /// <summary>Where refinement goes on, once a first part of it is done.</summary>
    [Id(11)] public RefinementCheckpoint? Checkpoint { get; init; }
}
