namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>Something of a job that was tried again.</summary>
/// <param name="Time">When.</param>
/// <param name="Stage">In which stage.</param>
/// <param name="What">What: <c>coordinator</c>, or a shard or tile by its number.</param>
/// <param name="Reason">Why the attempt before it failed, in one line.</param>
[GenerateSerializer, Immutable, Alias("explicit.JobRetry")]
public sealed record JobRetry(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] JobStage Stage,
    [property: Id(2)] string What,
    [property: Id(3)] string Reason)
{
    /// <summary>How far the stage had come: the place of its newest checkpoint; null where it has none.</summary>
    [Id(4)] public string? Progress { get; init; }
}
