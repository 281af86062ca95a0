using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>One part of the tables, to be merged from runs.</summary>
/// <param name="Counting">What was counted.</param>
/// <param name="Merged">Folder of the tables, named by the shards whose runs they are of.</param>
/// <param name="Part">The part, by its bounds.</param>
/// <param name="Runs">Names of the runs of every counted set.</param>
[GenerateSerializer, Immutable, Alias("explicit.MergeWork")]
public sealed record MergeWork(
    [property: Id(0)] LanguageCounting Counting,
    [property: Id(1)] string Merged,
    [property: Id(2)] int Part,
    [property: Id(3)] ImmutableArray<ImmutableArray<string>> Runs);
