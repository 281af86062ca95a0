namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Where scaling sweeps begin.</summary>
[GenerateSerializer, Alias("explicit.SweepStart")]
public enum SweepStart
{
    /// <summary>Weights of zero: scores are the log prior.</summary>
    Prior,

    /// <summary>The explicit solution, its scores by leave-one-out.</summary>
    Explicit,
}
