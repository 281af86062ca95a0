namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>How a gradient becomes a local step (docs/math.md 9).</summary>
[GenerateSerializer, Alias("explicit.AveragingOptimizer")]
public enum AveragingOptimizer
{
    Sgd,
    Adagrad,
    Adam,
}
