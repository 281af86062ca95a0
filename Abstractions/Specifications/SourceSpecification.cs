using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>One source of rows: a pair of IDX files, or one delimited file.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SourceSpecification")]
public sealed record SourceSpecification
{
    [Id(0)] public required SourceFormat Format { get; init; }

    /// <summary>IDX: path of the images.</summary>
    [Id(1)] public string? Images { get; init; }

    /// <summary>IDX: path of the labels; absent only where rows are predicted, not learned from or evaluated.</summary>
    [Id(2)] public string? Labels { get; init; }

    /// <summary>CSV and TSV: path of the file.</summary>
    [Id(3)] public string? Path { get; init; }

    /// <summary>CSV and TSV: name of the label column, or its index from 0; absent as for <see cref="Labels"/>.</summary>
    [Id(4)] public string? LabelColumn { get; init; }

    /// <summary>CSV and TSV: whether the first line names the columns.</summary>
    [Id(5)] public bool Header { get; init; } = true;

    /// <summary>Id of a source whose decoded rows are in the store already (<c>datasets/ID</c>); paths are then only names.</summary>
    [Id(6)] public string? Dataset { get; init; }

    /// <summary>Ranges of rows that are left out, ascending and disjoint. All other rows keep their numbers and their shards.</summary>
    [Id(7)] public ImmutableArray<RemovedRows> Removed { get; init; } = [];
}
