using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>One chunk of all runs that go on.</summary>
/// <param name="Epoch">The attempt.</param>
/// <param name="Sweep">From 1.</param>
/// <param name="Chunk">From 0.</param>
/// <param name="Active">Whether each run goes on.</param>
/// <param name="LastSteps">How far each run's scores move first, along the direction of the chunk before: damping times the fitted step; 0 where there is none.</param>
[GenerateSerializer, Immutable, Alias("explicit.SweepStep")]
public sealed record SweepStep(
    [property: Id(0)] long Epoch,
    [property: Id(1)] int Sweep,
    [property: Id(2)] int Chunk,
    [property: Id(3)] ImmutableArray<bool> Active,
    [property: Id(4)] ImmutableArray<double> LastSteps);
