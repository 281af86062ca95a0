namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>One group of features of texts.</summary>
[GenerateSerializer, Immutable, Alias("explicit.FeatureGroupSpecification")]
public sealed record FeatureGroupSpecification
{
    [Id(0)] public required FeatureGroupKind Map { get; init; }

    /// <summary>Words or characters of the shortest run.</summary>
    [Id(1)] public int Least { get; init; } = 1;

    /// <summary>Words or characters of the longest run.</summary>
    [Id(2)] public int Most { get; init; } = 1;

    [Id(3)] public FeatureCounts Counts { get; init; }

    /// <summary>Training rows that a feature must occur in to be kept.</summary>
    [Id(4)] public int MinRows { get; init; } = 1;
}
