namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>How a class prior is formed.</summary>
[GenerateSerializer, Alias("explicit.GridPrior")]
public enum GridPrior
{
    /// <summary>Classes are as likely as they were seen, smoothed by beta.</summary>
    Observed,

    /// <summary>All classes are as likely.</summary>
    Uniform,
}
