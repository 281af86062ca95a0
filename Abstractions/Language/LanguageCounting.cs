using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>What is counted of the documents, and where.</summary>
/// <param name="Name">Folder of the statistics in the store, named by tokens, vocabulary and what is counted.</param>
/// <param name="Vocabulary">Artifact of the vocabulary.</param>
/// <param name="Size">Number of its ids.</param>
/// <param name="Bounds">First tokens of the first lag at which the parts of every table begin, the first 0; a reducer works on one part.</param>
/// <param name="Language">The model.</param>
[GenerateSerializer, Immutable, Alias("explicit.LanguageCounting")]
public sealed record LanguageCounting(
    [property: Id(0)] string Name,
    [property: Id(1)] string Vocabulary,
    [property: Id(2)] int Size,
    [property: Id(3)] ImmutableArray<int> Bounds,
    [property: Id(4)] LanguageSpecification Language);
