using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>What is known of a source before its rows are read.</summary>
/// <param name="Shape">The shape of every row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Labels">Distinct labels.</param>
public sealed record SourceOutline(RowShape Shape, long Rows, int Labels);
