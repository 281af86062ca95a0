using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Shards;

/// <summary>What one pass over a source found: its identity, the shape and number of its rows, its labels, and where the rows are read.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SourceManifest")]
public sealed record SourceManifest
{
    /// <summary>Hex SHA-256 of the files' contents and of the reading options that decide the numbers; never of paths.</summary>
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required SourceSpecification Specification { get; init; }

    /// <summary>Values a row.</summary>
    [Id(2)] public required int Columns { get; init; }

    /// <summary>Pixels across for an image; 0 for a table.</summary>
    [Id(3)] public required int Width { get; init; }

    /// <summary>Pixels down for an image; 0 for a table.</summary>
    [Id(4)] public required int Height { get; init; }

    /// <summary>True where values are bytes, false where they are float32.</summary>
    [Id(5)] public required bool IsBytes { get; init; }

    [Id(6)] public required long Rows { get; init; }

    /// <summary>Distinct label names in ordinal order; empty where <see cref="HasLabels"/> is false.</summary>
    [Id(7)] public required ImmutableArray<string> Labels { get; init; }

    [Id(8)] public required bool HasLabels { get; init; }

    /// <summary>Artifact that holds the decoded rows, <c>datasets/ID/rows</c>; null where rows are read in place.</summary>
    [Id(9)] public required string? DecodedName { get; init; }

    /// <summary>Total length of the source's files.</summary>
    [Id(10)] public required long FileBytes { get; init; }

    /// <summary>The files as they were when they were read, images before labels.</summary>
    [Id(11)] public required ImmutableArray<SourceFile> Files { get; init; }

    /// <summary>Names of the columns of a table, label column left out; empty without a header and above 4,096 columns.</summary>
    [Id(12)] public ImmutableArray<string> ColumnNames { get; init; } = [];

    /// <summary>Index from 0 of a table's label column; -1 where there is none.</summary>
    [Id(13)] public int LabelIndex { get; init; } = -1;

    /// <summary>What was found of texts; null where rows are numbers. A row is then a document, and <see cref="Columns"/> is 0.</summary>
    [Id(14)] public SourceTexts? Texts { get; init; }

    /// <summary>What was found of sparse rows; null where rows are others. <see cref="Columns"/> is then 0.</summary>
    [Id(15)] public SourceSparse? Sparse { get; init; }

    /// <summary>Artifact that says where rows are in a file that is read in place; null where there is none.</summary>
    public string? IndexName => Texts?.IndexName ?? Sparse?.IndexName;

    /// <summary>Whether rows are documents.</summary>
    public bool IsText => Texts is not null;
}
