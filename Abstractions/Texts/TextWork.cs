using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Texts;

/// <summary>How texts become rows.</summary>
/// <param name="Specification">The groups of features.</param>
/// <param name="Vocabulary">Artifact of the features that are kept; empty while they are counted.</param>
[GenerateSerializer, Immutable, Alias("explicit.TextWork")]
public sealed record TextWork(
    [property: Id(0)] TextSpecification Specification,
    [property: Id(1)] string Vocabulary);
