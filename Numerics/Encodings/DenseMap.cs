namespace ExplicitCluster.Numerics.Encodings;

/// <summary>A map to non-negative numbers.</summary>
public abstract class DenseMap : FeatureMap
{
    /// <summary>Number of inputs a row of this shape gives.</summary>
    /// <exception cref="FeatureException">The shape does not suit the map.</exception>
    public abstract int InputsOf(RowShape shape);

    /// <summary>Whether the values are float32 whatever raw rows are.</summary>
    public virtual bool MakesNumbers => false;

    /// <inheritdoc cref="BlockMap.PositionsOf"/>
    public virtual (int Across, int Down)? PositionsOf(RowShape shape) => shape.IsImage ? (shape.Width, shape.Height) : null;

    /// <summary>Writes byte rows: output row m starts at <c>m x stride</c>.</summary>
    public abstract void Encode(RawRows rows, Span<byte> output, int stride);

    /// <summary>Writes float32 rows: output row m starts at <c>m x stride</c>.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN, infinite or out of range.</exception>
    public abstract void Encode(RawRows rows, Span<float> output, int stride);

    /// <summary>The same for rows that a layer below may have learned from; a map that learned nothing gives the values it always gives.</summary>
    /// <param name="rows">Raw rows.</param>
    /// <param name="own">The class of each row, which is left out of what was learned; empty for new rows.</param>
    /// <param name="output">Room for the values.</param>
    /// <param name="stride">Values from one row to the next.</param>
    /// <exception cref="InvalidValueException">A value is negative, NaN, infinite or out of range.</exception>
    public virtual void Encode(RawRows rows, ReadOnlySpan<int> own, Span<float> output, int stride) => Encode(rows, output, stride);
}
