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

    /// <summary>The same for rows that a layer below may have learned from; a map that learned nothing gives the codes it always gives.</summary>
    /// <param name="rows">Raw rows.</param>
    /// <param name="own">The class of each row, which is left out of what was learned; empty for new rows.</param>
    /// <param name="output">Room for the codes.</param>
    /// <param name="firstBlock">First block written.</param>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public virtual void Encode(RawRows rows, ReadOnlySpan<int> own, BlockRows output, int firstBlock) => Encode(rows, output, firstBlock);

    /// <summary>Positions across and down, where there is one block for each, in row-major order; null where blocks lie on no grid.</summary>
    /// <exception cref="FeatureException">The shape does not suit the map.</exception>
    public virtual (int Across, int Down)? PositionsOf(RowShape shape) => null;
}
