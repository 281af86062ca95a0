namespace ExplicitCluster.Numerics.Encodings;

/// <summary>A map whose codes are levels of a row's positions read as digits, the first the most significant.</summary>
public abstract class LevelMap : BlockMap
{
    /// <summary>Positions a block.</summary>
    internal abstract int Digits { get; }

    /// <summary>Number of distinct levels, the base of codes.</summary>
    internal abstract int Radix { get; }

    /// <summary>The positions of all blocks of rows of this shape, (Blocks, <see cref="Digits"/>), row-major.</summary>
    /// <exception cref="FeatureException">The shape does not suit the map.</exception>
    internal abstract int[] DigitsOf(RowShape shape);

    /// <summary>The levels of rows.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    internal abstract LevelTiles TilesOf(RawRows rows);

    public sealed override void Encode(RawRows rows, BlockRows output, int firstBlock) =>
        TilesOf(rows).WriteCodes(DigitsOf(rows.Shape), Digits, output, firstBlock);
}
