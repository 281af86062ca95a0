namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Rows in the blocks encoding: for each of P blocks one code a row, position-major. The codes of a block lie <see cref="Stride"/> apart from
/// the next block's; the stride is an odd number of cache lines, so that blocks do not compete for one cache set.
/// </summary>
public sealed class BlockRows
{
    private const int CodesPerLine = 64 / sizeof(ushort);

    private readonly ushort[] _codes;

    /// <summary>Room for <paramref name="count"/> rows; codes are 0 until written.</summary>
    public BlockRows(RowLayout layout, int count)
    {
        Layout = layout;
        Count = count;
        Stride = (((count + CodesPerLine - 1) / CodesPerLine) | 1) * CodesPerLine;
        _codes = new ushort[checked(layout.Blocks * Stride)];
    }

    public RowLayout Layout { get; }

    public int Count { get; }

    /// <summary>Codes from the first row of one block to the first row of the next.</summary>
    public int Stride { get; }

    /// <summary>All codes: block p of row m is at p x Stride + m.</summary>
    public Span<ushort> Codes => _codes;

    /// <summary>The codes of one block, one a row.</summary>
    public Span<ushort> Block(int block) => _codes.AsSpan(block * Stride, Count);

    /// <summary>Bytes held for <paramref name="rows"/> rows of <paramref name="blocks"/> blocks.</summary>
    public static long BytesFor(int blocks, int rows) => (long)blocks * (rows + 2 * CodesPerLine) * sizeof(ushort);
}
