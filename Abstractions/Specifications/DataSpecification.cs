using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>The sources of a job and how they are cut into shards.</summary>
[GenerateSerializer, Immutable, Alias("explicit.DataSpecification")]
public sealed record DataSpecification
{
    public const int DefaultShardRows = 8192;

    /// <summary>Sources whose rows are learned from, in order.</summary>
    [Id(0)] public required ImmutableArray<SourceSpecification> Train { get; init; }

    /// <summary>Sources whose rows are only evaluated; may be empty.</summary>
    [Id(1)] public ImmutableArray<SourceSpecification> Test { get; init; } = [];

    /// <summary>Most rows in a shard; a shard never crosses sources. Never changes a result.</summary>
    [Id(2)] public int ShardRows { get; init; } = DefaultShardRows;
}

/// <summary>File formats of a source.</summary>
[GenerateSerializer, Alias("explicit.SourceFormat")]
public enum SourceFormat
{
    /// <summary>IDX images and labels (MNIST's format), plain or gzip.</summary>
    Idx,

    /// <summary>Comma-separated numbers, plain or gzip.</summary>
    Csv,

    /// <summary>Tab-separated numbers, plain or gzip.</summary>
    Tsv,
}

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
}
