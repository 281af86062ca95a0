namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Where averaged SGD begins (docs/math.md 9).</summary>
[GenerateSerializer, Alias("explicit.AveragingStart")]
public enum AveragingStart
{
    /// <summary>The explicit solution.</summary>
    Explicit,

    /// <summary>Small weights drawn from the job's seed, bias 0.</summary>
    Random,

    /// <summary>Weights and bias 0: all classes equally probable.</summary>
    Zero,
}
