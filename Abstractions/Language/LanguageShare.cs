namespace ExplicitCluster.Abstractions.Language;

/// <summary>Documents of a shard that a worker learns from.</summary>
/// <param name="Work">The shard.</param>
/// <param name="First">Number of the first of them among the shard's.</param>
/// <param name="End">Number after the last.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageShare")]
public sealed record LanguageShare(
    [property: Id(0)] LanguageShardWork Work,
    [property: Id(1)] long First,
    [property: Id(2)] long End);
