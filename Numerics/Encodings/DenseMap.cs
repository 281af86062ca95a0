namespace ExplicitCluster.Numerics.Encodings;

/// <summary>A map to non-negative numbers.</summary>
public abstract class DenseMap : FeatureMap
{
    /// <summary>Number of inputs a row of this shape gives.</summary>
    /// <exception cref="FeatureException">The shape does not suit the map.</exception>
    public abstract int InputsOf(RowShape shape);

    /// <summary>Writes byte rows: output row m starts at <c>m x stride</c>.</summary>
    public abstract void Encode(RawRows rows, Span<byte> output, int stride);

    /// <summary>Writes float32 rows: output row m starts at <c>m x stride</c>.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN, infinite or out of range.</exception>
    public abstract void Encode(RawRows rows, Span<float> output, int stride);
}
