using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>What scoring needs beside the rows: every unit's merged statistics, and the settings.</summary>
[GenerateSerializer, Immutable, Alias("explicit.GridScoring")]
public sealed record GridScoring(
    [property: Id(0)] ImmutableArray<GridStatistics> Units,
    [property: Id(1)] GridSpecification Grid);
