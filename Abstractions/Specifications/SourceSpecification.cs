using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>One source of rows: a pair of IDX files, or one file of another format.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SourceSpecification")]
public sealed record SourceSpecification
{
    [Id(0)] public required SourceFormat Format { get; init; }

    /// <summary>IDX: path of the images.</summary>
    [Id(1)] public string? Images { get; init; }

    /// <summary>IDX: path of the labels; absent only where rows are predicted, not learned from or evaluated.</summary>
    [Id(2)] public string? Labels { get; init; }

    /// <summary>All but IDX: path of the file.</summary>
    [Id(3)] public string? Path { get; init; }

    /// <summary>CSV and TSV: name of the label column, or its index from 0; absent as for <see cref="Labels"/>. JSON Lines and Parquet: the key or column of labels, <c>label</c> where absent.</summary>
    [Id(4)] public string? LabelColumn { get; init; }

    /// <summary>CSV and TSV: whether the first line names the columns.</summary>
    [Id(5)] public bool Header { get; init; } = true;

    /// <summary>Id of a source whose decoded rows are in the store already (<c>datasets/ID</c>); paths are then only names.</summary>
    [Id(6)] public string? Dataset { get; init; }

    /// <summary>Ranges of rows that are left out, ascending and disjoint. All other rows keep their numbers and their shards.</summary>
    [Id(7)] public ImmutableArray<RemovedRows> Removed { get; init; } = [];

    /// <summary>CSV and TSV: name of the column of texts, or its index from 0; absent where all columns but the label hold numbers. JSON Lines and Parquet: the key or column of texts, <c>text</c> where absent.</summary>
    [Id(8)] public string? TextColumn { get; init; }

    /// <summary>CSV and TSV with texts: name of the column of weights, or its index from 0; absent where every row weighs 1. JSON Lines and Parquet: the key or column of weights, <c>weight</c> where absent.</summary>
    [Id(9)] public string? WeightColumn { get; init; }

    /// <summary>Plain text: what a document is.</summary>
    [Id(10)] public DocumentCut Document { get; init; }

    /// <summary>Which rows count by the rule of their numbers; all where absent. Rows keep their numbers.</summary>
    [Id(11)] public RowSplit? Split { get; init; }

    /// <summary>What is said of the rows, by key in ordinal order, no key twice. Nothing that is counted or named depends on it.</summary>
    [Id(12)] public ImmutableArray<SourceTag> Tags { get; init; } = [];

    /// <summary>Whether rows are texts.</summary>
    public bool IsText => Format is SourceFormat.Text or SourceFormat.Jsonl or SourceFormat.Parquet || TextColumn is not null;

    /// <summary>Whether rows are few numbers of many, by their indices.</summary>
    public bool IsSparse => Format == SourceFormat.Libsvm;

    /// <summary>Whether every row of the files counts.</summary>
    public bool IsWhole => Removed.IsEmpty && Split is null;
}
