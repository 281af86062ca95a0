namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>What a job says of a language model.</summary>
[GenerateSerializer, Immutable, Alias("explicit.LanguageResult")]
public sealed record LanguageResult
{
    /// <summary>Number of ids, that of unknown tokens included.</summary>
    [Id(0)] public required int Vocabulary { get; init; }

    /// <summary>Tokens of the training documents.</summary>
    [Id(1)] public required long Tokens { get; init; }

    /// <summary>Cells that the model stores.</summary>
    [Id(2)] public required long Cells { get; init; }

    /// <summary>Of fitted weights: the perplexity of the positions that they were fitted on.</summary>
    [Id(3)] public double? HeldOutPerplexity { get; init; }

    [Id(4)] public LanguageReport? Train { get; init; }

    [Id(5)] public LanguageReport? Test { get; init; }
}
