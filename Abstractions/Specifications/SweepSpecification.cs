namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Settings of scaling sweeps (docs/math.md 8).</summary>
[GenerateSerializer, Immutable, Alias("explicit.SweepSpecification")]
public sealed record SweepSpecification
{
    /// <summary>Most sweeps of a run; at least 1.</summary>
    [Id(0)] public int Sweeps { get; init; } = 1;

    /// <summary>Most blocks that move together; at least 1.</summary>
    [Id(1)] public int BlocksPerChunk { get; init; } = 40;

    /// <summary>Damps observed and expected counts, in rows; above 0.</summary>
    [Id(2)] public double Alpha { get; init; } = 2;

    /// <summary>Share of the fitted step that is taken; above 0, at most 1.</summary>
    [Id(3)] public double Damping { get; init; } = 0.5;

    [Id(4)] public SweepStart Start { get; init; } = SweepStart.Prior;

    /// <summary>Runs with orders of their own whose weights are averaged; at least 1.</summary>
    [Id(5)] public int Average { get; init; } = 4;

    /// <summary>Whether a run ends after a sweep whose mean step is not above 0.</summary>
    [Id(6)] public bool Stop { get; init; } = true;
}
