namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Targets of a layer other than the labels: a code for each of them, or sub-classes of each; docs/math.md 12.</summary>
[GenerateSerializer, Immutable, Alias("explicit.HiddenTargetSpecification")]
public sealed record HiddenTargetSpecification
{
    /// <summary>Label codes: their bits, 1 to 16; 0 where targets are sub-classes.</summary>
    [Id(0)] public int Code { get; init; }

    /// <summary>Sub-classes a label, 2 or more; 0 where targets are codes.</summary>
    [Id(1)] public int Subclasses { get; init; }

    /// <summary>Sub-classes: passes of expectation maximisation after the start.</summary>
    [Id(2)] public int Passes { get; init; }

    /// <summary>Of the draw of codes, or of the hash that rows begin by.</summary>
    [Id(3)] public long Seed { get; init; } = 1;

    /// <summary>Classes that so many labels are counted as.</summary>
    public int ClassesOf(int labels) => Subclasses > 0 ? checked(labels * Subclasses) : labels;
}
