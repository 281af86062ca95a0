namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Turns raw rows into one encoding; a row may hold several maps side by side (<see cref="RowEncoder"/>).</summary>
public abstract class FeatureMap
{
    /// <summary>The map's key in a specification.</summary>
    public abstract string Name { get; }
}

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

/// <summary>A map to blocks of equal size.</summary>
public abstract class BlockMap : FeatureMap
{
    /// <summary>Number of blocks a row of this shape gives.</summary>
    /// <exception cref="FeatureException">The shape does not suit the map.</exception>
    public abstract int BlocksOf(RowShape shape);

    /// <summary>Codes a block; at most 65,536.</summary>
    public abstract int Codes { get; }

    /// <summary>Writes the codes of all rows into <paramref name="output"/> from block <paramref name="firstBlock"/> on.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public abstract void Encode(RawRows rows, BlockRows output, int firstBlock);
}
