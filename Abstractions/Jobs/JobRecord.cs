using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>The stages of a job, in order.</summary>
[GenerateSerializer, Alias("explicit.JobStage")]
public enum JobStage
{
    Plan,
    Accumulate,
    Reduce,
    Choose,
    Solve,
    Publish,
    Evaluate,
}

[GenerateSerializer, Alias("explicit.JobStatus")]
public enum JobStatus
{
    Running,
    Done,
    Failed,
    Cancelled,
}

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
}

/// <summary>Why a job failed: one line of cause, one of remedy.</summary>
[GenerateSerializer, Immutable, Alias("explicit.JobFailure")]
public sealed record JobFailure(
    [property: Id(0)] JobStage Stage,
    [property: Id(1)] string Cause,
    [property: Id(2)] string Remedy,
    [property: Id(3)] string? Detail);

/// <summary>What a finished job says of itself; <c>train --json</c> prints it.</summary>
[GenerateSerializer, Immutable, Alias("explicit.JobResult")]
public sealed record JobResult
{
    /// <summary>The published model, <c>name/version</c>.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>Artifact name of the model's folder in the store.</summary>
    [Id(1)] public required string ModelPath { get; init; }

    /// <summary>Training rows, rows of zero norm included.</summary>
    [Id(2)] public required long Rows { get; init; }
    [Id(3)] public required int Inputs { get; init; }
    [Id(4)] public required int Outputs { get; init; }
    [Id(5)] public required int Shards { get; init; }
    [Id(6)] public required int Silos { get; init; }
    [Id(7)] public required double K { get; init; }
    [Id(8)] public required double Alpha { get; init; }

    /// <summary>Training rows of zero norm: they carry no evidence and are not in the statistics.</summary>
    [Id(9)] public required long ZeroRows { get; init; }

    /// <summary>Shards whose statistics were already in the store.</summary>
    [Id(10)] public required int ReusedShards { get; init; }
    [Id(11)] public required string WeightsSha256 { get; init; }
    [Id(12)] public required string StatisticsSha256 { get; init; }

    /// <summary>Leave-one-out results of the grid; empty where nothing was chosen.</summary>
    [Id(13)] public ImmutableArray<GridPoint> Choice { get; init; } = [];
    [Id(14)] public EvaluationReport? Train { get; init; }
    [Id(15)] public EvaluationReport? Test { get; init; }
    [Id(16)] public required StageSeconds Seconds { get; init; }
    [Id(17)] public ImmutableArray<string> Labels { get; init; } = [];
}

/// <summary>Leave-one-out cross-entropy (nats a row) of one setting.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridPoint")]
public sealed record GridPoint(
    [property: Id(0)] double K,
    [property: Id(1)] double Alpha,
    [property: Id(2)] double CrossEntropy);

/// <summary>Wall seconds of a job and of its stages.</summary>
[GenerateSerializer, Immutable, Alias("explicit.StageSeconds")]
public sealed record StageSeconds(
    [property: Id(0)] double Total,
    [property: Id(1)] double Read,
    [property: Id(2)] double Statistics,
    [property: Id(3)] double Reduce,
    [property: Id(4)] double Solve,
    [property: Id(5)] double Refine,
    [property: Id(6)] double Evaluate);
