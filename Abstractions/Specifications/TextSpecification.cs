using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A classifier of texts: its groups of features, and whether each has temperatures of its own.</summary>
[GenerateSerializer, Immutable, Alias("explicit.TextSpecification")]
public sealed record TextSpecification
{
    /// <summary>Groups of features, side by side in one row.</summary>
    [Id(0)] public required ImmutableArray<FeatureGroupSpecification> Groups { get; init; }

    /// <summary>Temperatures a group and frequency, and scaling passes; null where rows are of norm 1 and have one K.</summary>
    [Id(1)] public TemperatureSpecification? Temperatures { get; init; }
}
