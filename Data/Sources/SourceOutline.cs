using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>What is known of a source before its rows are read.</summary>
/// <param name="Shape">The shape of every row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Labels">Distinct labels.</param>
/// <param name="IsEstimate">Whether rows and labels are only estimated, from the first lines of a file and its length.</param>
public sealed record SourceOutline(RowShape Shape, long Rows, int Labels, bool IsEstimate = false);
