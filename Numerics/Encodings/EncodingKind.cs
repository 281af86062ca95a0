namespace ExplicitCluster.Numerics.Encodings;

/// <summary>The encodings of a row that kernels are written for.</summary>
public enum EncodingKind
{
    /// <summary>D non-negative numbers, scaled to L1 norm 1.</summary>
    Dense,

    /// <summary>P positions, each with exactly one active code.</summary>
    Blocks,

    /// <summary>The few of D non-negative numbers that are not 0.</summary>
    Sparse,

    /// <summary>Groups side by side, each dense or blocks, with a K of its own.</summary>
    Mixed,
}
