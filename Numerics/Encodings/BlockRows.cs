namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Rows in the blocks encoding: for each of P blocks one code a row, position-major. The codes of a block lie <see cref="Stride"/> apart from
/// the next block's; the stride is an odd number of cache lines, so that blocks do not compete for one cache set.
/// </summary>
public sealed class BlockRows : IBlockCodes
{
    private const int CodesPerLine = 64 / sizeof(ushort);

    private readonly ushort[] _codes;

    /// <summary>Room for <paramref name="count"/> rows; codes are 0 until written.</summary>
    public BlockRows(RowLayout layout, int count)
        : this(layout, count, new ushort[CodesFor(layout.Blocks, count)])
    {
    }

    /// <summary>The same in memory that is there already, at least <see cref="CodesFor"/>; codes are what it holds until they are written.</summary>
    public BlockRows(RowLayout layout, int count, ushort[] room)
    {
        Layout = layout;
        Count = count;
        Stride = StrideOf(count);
        _codes = room;
        ArgumentOutOfRangeException.ThrowIfLessThan(room.Length, CodesFor(layout.Blocks, count), nameof(room));
    }

    public RowLayout Layout { get; }

    public int Count { get; }

    /// <summary>Codes from the first row of one block to the first row of the next.</summary>
    public int Stride { get; }

    /// <summary>All codes: block p of row m is at p x Stride + m.</summary>
    public Span<ushort> Codes => _codes.AsSpan(0, Layout.Blocks * Stride);

    /// <summary>The codes of one block, one a row.</summary>
    public Span<ushort> Block(int block) => _codes.AsSpan(block * Stride, Count);

    int IBlockCodes.Strip => Count;

    ReadOnlySpan<ushort> IBlockCodes.CodesOf(int block, int first, int count)
    {
        var codes = Block(block).Slice(first, count);
        var size = Layout.BlockSize(block);
        if (count == 0 || GreatestCode.Of(codes) < size)
            return codes;
        var row = first;
        while (codes[row - first] < size)
            row++;
        throw new ArgumentException($"row {row} has code {codes[row - first]} in block {block}, expected 0 to {size - 1}");
    }

    /// <summary>Codes held for <paramref name="rows"/> rows of <paramref name="blocks"/> blocks.</summary>
    public static int CodesFor(int blocks, int rows) => checked(blocks * StrideOf(rows));

    /// <summary>Bytes held for <paramref name="rows"/> rows of <paramref name="blocks"/> blocks.</summary>
    public static long BytesFor(int blocks, int rows) => (long)blocks * (rows + 2 * CodesPerLine) * sizeof(ushort);

    private static int StrideOf(int rows) => (((rows + CodesPerLine - 1) / CodesPerLine) | 1) * CodesPerLine;
}
