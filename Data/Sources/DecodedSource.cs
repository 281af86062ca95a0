using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>What the first pass over a source found, format by format; the reader makes the manifest of it.</summary>
/// <param name="Shape">Shape of a row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Labels">Distinct label names in ordinal order; empty without labels.</param>
/// <param name="HasLabels">Whether rows have labels.</param>
/// <param name="Files">The files, hashed.</param>
/// <param name="ColumnNames">Names of a table's columns, label left out; may be empty.</param>
/// <param name="LabelIndex">A table's label column; -1 without.</param>
internal sealed record DecodedSource(
    RowShape Shape,
    long Rows,
    ImmutableArray<string> Labels,
    bool HasLabels,
    ImmutableArray<SourceFile> Files,
    ImmutableArray<string> ColumnNames,
    int LabelIndex)
{
    /// <summary>What was found of texts; null where rows are numbers.</summary>
    public SourceTexts? Texts { get; init; }

    /// <summary>What was found of sparse rows; null where rows are others.</summary>
    public SourceSparse? Sparse { get; init; }

    /// <summary>Where the texts of a delimited file are.</summary>
    public DocumentColumns? TextColumns { get; init; }
}
