namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Rows in the blocks encoding, however they are held. Every code is below its block's size.</summary>
internal interface IBlockCodes
{
    RowLayout Layout { get; }

    /// <summary>Number of rows.</summary>
    int Count { get; }

    /// <summary>Rows that are best asked for at once.</summary>
    int Strip { get; }

    /// <summary>The codes of one block, one a row; they hold until the next call.</summary>
    /// <param name="block">Block from 0.</param>
    /// <param name="first">First row, a multiple of <see cref="Strip"/>.</param>
    /// <param name="count">Number of rows.</param>
    /// <exception cref="ArgumentException">A code is not below the block's size.</exception>
    ReadOnlySpan<ushort> CodesOf(int block, int first, int count);
}
