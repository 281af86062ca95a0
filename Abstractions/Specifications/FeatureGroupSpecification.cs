namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>One group of features of texts or of sparse rows.</summary>
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

    /// <summary>Where above 0, features are 2^bits buckets in place of a vocabulary.</summary>
    [Id(5)] public int HashBits { get; init; }
}
