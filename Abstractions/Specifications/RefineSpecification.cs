namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Refinement after the explicit solution.</summary>
[GenerateSerializer, Immutable, Alias("explicit.RefineSpecification")]
public sealed record RefineSpecification
{
    public const int DefaultWorkers = 4;

    [Id(0)] public RefineMethod Method { get; init; } = RefineMethod.None;

    /// <summary>Workers that the rows are dealt to, never more than there are rows.</summary>
    [Id(1)] public int Workers { get; init; } = DefaultWorkers;

    [Id(2)] public SweepSpecification Sweeps { get; init; } = new();
}
