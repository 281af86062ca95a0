namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>Why a job failed: one line of cause, one of remedy.</summary>
[GenerateSerializer, Immutable, Alias("explicit.JobFailure")]
public sealed record JobFailure(
    [property: Id(0)] JobStage Stage,
    [property: Id(1)] string Cause,
    [property: Id(2)] string Remedy,
    [property: Id(3)] string? Detail)
{
    /// <summary>The piece of the stage that failed, e.g. <c>shard 12</c>; null where it was the stage itself.</summary>
    [Id(4)] public string? Piece { get; init; }
}
