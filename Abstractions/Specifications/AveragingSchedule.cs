namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>How the learning rate falls over all rounds.</summary>
[GenerateSerializer, Alias("explicit.AveragingSchedule")]
public enum AveragingSchedule
{
    Cosine,
    Linear,
    Constant,
}
