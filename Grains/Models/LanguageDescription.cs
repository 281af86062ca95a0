using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Models;

/// <summary>What model.json says of a language model.</summary>
public sealed record LanguageDescription
{
    public required TokenSpecification Tokens { get; init; }

    /// <summary>Number of ids, that of unknown tokens included.</summary>
    public required int Vocabulary { get; init; }
    public required string VocabularySha256 { get; init; }

    /// <summary>The sets of lags, in the order of the specification.</summary>
    public required ImmutableArray<LagSetDescription> Sets { get; init; }

    /// <summary>Weight of the unigram's logarithms in the base scores.</summary>
    public required double UnigramWeight { get; init; }

    /// <summary>Training documents and their tokens.</summary>
    public required long Documents { get; init; }
    public required long TrainTokens { get; init; }

    /// <summary>Of fitted weights: perplexity of the positions that they were fitted on, and how many those were.</summary>
    public double? HeldOutPerplexity { get; init; }
    public int HeldOutPositions { get; init; }

    /// <summary>The vocabulary beside a model's weights.</summary>
    public static string VocabularyNameIn(string path) => $"{path}/vocabulary";
}
