using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A classifier of texts or of sparse rows: its groups of features, and whether each has temperatures of its own.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TextSpecification")]
public sealed record TextSpecification
{
    /// <summary>Groups of features, side by side in one row.</summary>
    [Id(0)] public required ImmutableArray<FeatureGroupSpecification> Groups { get; init; }

    /// <summary>Temperatures a group and frequency, and scaling passes; null where rows are of norm 1 and have one K.</summary>
    [Id(1)] public TemperatureSpecification? Temperatures { get; init; }

    /// <summary>Whether the values of a row are taken as they are; otherwise, without temperatures, rows are scaled to norm 1.</summary>
    [Id(2)] public bool KeepsNorms { get; init; }

    /// <summary>SHA-256, or the start of it, of an earlier model's vocabulary that is taken as it is; null where one is counted.</summary>
    [Id(3)] public string? FrozenVocabulary { get; init; }

    /// <summary>What texts are split into; null for words in lower case.</summary>
    [Id(4)] public TokenSpecification? Tokens { get; init; }

    /// <summary>Whether rows are sparse ones of a source and no texts; there is one group then.</summary>
    [JsonIgnore]
    public bool IsSparse => Groups is [{ Map: FeatureGroupKind.Sparse }];
}
