namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What follows the explicit solution.</summary>
[GenerateSerializer, Alias("explicit.RefineMethod")]
public enum RefineMethod
{
    None,

    /// <summary>Scaling sweeps: chunks of blocks, each moved along a direction made of sums (docs/math.md 8).</summary>
    Sweeps,
}
