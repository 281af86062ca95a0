namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What a feature's number of occurrences in a text counts as.</summary>
[GenerateSerializer, Alias("explicit.FeatureCounts")]
public enum FeatureCounts
{
    /// <summary>As itself.</summary>
    Raw,

    /// <summary>As 1.</summary>
    Binary,

    /// <summary>As log(1 + n).</summary>
    Log,
}
