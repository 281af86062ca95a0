using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>Consecutive rows of a source.</summary>
/// <param name="Rows">(count, Columns), row-major.</param>
/// <param name="Labels">(count) indices into the manifest's labels; empty where it has none.</param>
public sealed record LabelledRows(RawRows Rows, int[] Labels)
{
    /// <summary>(count) weights of texts; null where every row weighs 1.</summary>
    public float[]? Weights { get; init; }
}
