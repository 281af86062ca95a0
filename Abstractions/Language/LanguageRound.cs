using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>A round of averaged SGD on the values of a language model's tables.</summary>
/// <param name="Tables">What the model was solved from.</param>
/// <param name="Weights">Of the unigram, then of each set.</param>
/// <param name="Parts">Every part of every set where the round starts, set by set.</param>
/// <param name="From">What the names of these parts begin with.</param>
/// <param name="To">What the names of the round's artifacts begin with.</param>
/// <param name="FirstRate">The rate of the round's first step.</param>
/// <param name="LastRate">What it falls to linearly.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageRound")]
public sealed record LanguageRound(
    [property: Id(0)] LanguageTables Tables,
    [property: Id(1)] ImmutableArray<double> Weights,
    [property: Id(2)] ImmutableArray<SolvedPart> Parts,
    [property: Id(3)] string From,
    [property: Id(4)] string To,
    [property: Id(5)] double FirstRate,
    [property: Id(6)] double LastRate);
