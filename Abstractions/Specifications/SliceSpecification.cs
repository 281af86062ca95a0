using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>How the sources of a job were chosen from more. Said for the lineage alone: the sources themselves decide.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SliceSpecification")]
public sealed record SliceSpecification
{
    /// <summary>The conditions as they were given, e.g. <c>tenant=a</c> or <c>last 7 by day</c>; all hold.</summary>
    [Id(0)] public required ImmutableArray<string> Conditions { get; init; }

    /// <summary>Of a sliding window: the values in it, ascending.</summary>
    [Id(1)] public ImmutableArray<string> Window { get; init; } = [];

    /// <summary>How many sources there were to choose from.</summary>
    [Id(2)] public required int OfSources { get; init; }

    /// <summary>The model whose sources these were; null where they were those of a specification.</summary>
    [Id(3)] public string? OfModel { get; init; }
}
