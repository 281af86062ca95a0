using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Jobs;

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

    /// <summary>What each round or sweep brought; empty without refinement.</summary>
    [Id(18)] public ImmutableArray<RefinementRound> Refinement { get; init; } = [];

    /// <summary>Whether K and alpha were chosen on held-out rows, as for texts, and not by leaving rows out.</summary>
    [Id(22)] public bool ChosenOnHeldOut { get; init; }

    /// <summary>Of a job that tried settings: the artifact that says what came of it. There is then no model.</summary>
    [Id(30)] public string? Report { get; init; }

    /// <summary>Of a language model: how it does on texts.</summary>
    [Id(21)] public LanguageResult? Language { get; init; }

    /// <summary>Layers below, from the bottom up.</summary>
    [Id(23)] public ImmutableArray<LayerResult> Layers { get; init; } = [];

    /// <summary>Groups of mixed rows, in the order of the features; <see cref="K"/> is then the sum of theirs. Empty for other rows.</summary>
    [Id(31)] public ImmutableArray<GroupResult> Groups { get; init; } = [];

    /// <summary>Of averaging: where it began.</summary>
    [Id(20)] public RefinementStart? RefinementStart { get; init; }
}
