using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>Merged counts of all sets of lags, and what the solution needs to know of the whole.</summary>
/// <param name="Counting">What was counted.</param>
/// <param name="Merged">Folder of the tables: an artifact a set and part.</param>
/// <param name="Discounts">Three numbers a set.</param>
/// <param name="WordsSha256">Of the artifact beside the tables that says how often each word was seen, and in how many contexts.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageTables")]
public sealed record LanguageTables(
    [property: Id(0)] LanguageCounting Counting,
    [property: Id(1)] string Merged,
    [property: Id(2)] ImmutableArray<double> Discounts,
    [property: Id(5)] string WordsSha256);
