namespace ExplicitCluster.Numerics.Encodings;

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
