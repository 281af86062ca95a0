namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>The stages of a job, in order.</summary>
[GenerateSerializer, Alias("explicit.JobStage")]
public enum JobStage
{
    Plan,
    Accumulate,
    Reduce,
    Choose,
    Solve,
    Refine,
    Publish,
    Evaluate,

    /// <summary>Of texts, before the statistics.</summary>
    Vocabulary,

    /// <summary>Layers below, before the statistics.</summary>
    Layers,
}
