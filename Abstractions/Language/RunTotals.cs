using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>The runs of cells of a shard, in the store: <c>NAME/KEY/SET-HELD-NUMBER</c>.</summary>
/// <param name="Documents">Documents of the shard.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Unknown">Tokens that are not in the vocabulary.</param>
/// <param name="HeldOut">Tokens of documents that are held out to fit weights on.</param>
/// <param name="Runs">Runs of documents that are not held out, by counted set.</param>
/// <param name="HeldOutRuns">Runs of those that are.</param>
[GenerateSerializer, Immutable, Alias("explicit.RunTotals")]
public sealed record RunTotals(
    [property: Id(0)] long Documents,
    [property: Id(1)] long Tokens,
    [property: Id(2)] long Unknown,
    [property: Id(3)] long HeldOut,
    [property: Id(4)] ImmutableArray<ImmutableArray<string>> Runs,
    [property: Id(5)] ImmutableArray<ImmutableArray<string>> HeldOutRuns)
{
    /// <summary>Whether they were in the store already.</summary>
    [Id(6)] public bool Reused { get; init; }
}
