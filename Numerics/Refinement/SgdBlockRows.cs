using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Block rows of a worker: for each of P positions the number of its weight row within the block, 16 bits, row-major. Codes that share a weight
/// row, as unseen codes do, are one number here.
/// </summary>
public sealed class SgdBlockRows : SgdRows
{
    /// <summary>Codes of a row are padded to whole 64-bit words.</summary>
    private const int Padding = 4;

    private const int TileRows = 64;

    private readonly RowLayout _layout;
    private readonly int[] _rowOfInput;
    private readonly int[] _starts;

    /// <param name="layout">The layout of the rows, of blocks.</param>
    /// <param name="rowOfInput">
    /// The row of weights of every input, block p's below those of block p + 1: as the tensors of a model are read.
    /// </param>
    /// <param name="weightRows">R, the rows of weights.</param>
    /// <param name="classes">C.</param>
    /// <exception cref="ArgumentException">Rows of weights out of order or out of range.</exception>
    public SgdBlockRows(RowLayout layout, int[] rowOfInput, int weightRows, int classes)
        : base(classes, weightRows, RowBytesOf(layout.Blocks))
    {
        if (layout.Kind != EncodingKind.Blocks || rowOfInput.Length != layout.Inputs)
            throw new ArgumentException($"{layout.Inputs} inputs of {layout.Blocks} blocks have {rowOfInput.Length} weight rows", nameof(rowOfInput));
        (_layout, _rowOfInput, _starts) = (layout, rowOfInput, new int[layout.Blocks]);
        var next = 0;
        for (var block = 0; block < layout.Blocks; block++)
        {
            var (least, most) = (int.MaxValue, next);
            foreach (var row in rowOfInput.AsSpan(layout.BlockStart(block), layout.BlockSize(block)))
            {
                if (row < next || row >= weightRows)
                    throw new ArgumentException($"block {block} has weight row {row}, expected {next} to {weightRows - 1}", nameof(rowOfInput));
                (least, most) = (Math.Min(least, row), Math.Max(most, row));
            }
            if (most - least > ushort.MaxValue)
                throw new ArgumentException($"block {block} has weight rows {least} to {most}, expected at most 65,536 of them", nameof(rowOfInput));
            (_starts[block], next, MostCodes) = (least, most + 1, Math.Max(MostCodes, most - least + 1));
        }
    }

    /// <summary>P.</summary>
    public int Blocks => _layout.Blocks;

    /// <summary>The first weight row of every block, which its codes here count from.</summary>
    internal ReadOnlySpan<int> Starts => _starts;

    /// <summary>Codes are below this in all blocks.</summary>
    internal int MostCodes { get; }

    internal override double Unit => 1 / Math.Sqrt(Math.Max(1, Blocks));

    /// <summary>Bytes held for this many rows, for memory plans.</summary>
    public static long BytesFor(int blocks, long rows) => BytesOf(RowBytesOf(blocks), rows);

    /// <summary>Adds as many rows as there are labels, from row <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentException">Rows of another layout, rows that do not exist, or a code or class out of range.</exception>
    public unsafe void Append(BlockRows rows, int first, ReadOnlySpan<int> labels)
    {
        if (!rows.Layout.BlockStarts.SequenceEqual(_layout.BlockStarts))
            throw new ArgumentException($"rows of {rows.Layout.Blocks} blocks do not join rows of {Blocks}", nameof(rows));
        RequireRows(rows.Count, first, labels.Length);
        for (var done = 0; done < labels.Length; done += TileRows)
        {
            // Codes lie block by block: a tile of rows reads whole cache lines of them.
            var count = Math.Min(TileRows, labels.Length - done);
            var start = Count;
            for (var row = 0; row < count; row++)
                Add(labels[done + row], 1);
            for (var block = 0; block < Blocks; block++)
            {
                var rowOfCode = _rowOfInput.AsSpan(_layout.BlockStart(block), _layout.BlockSize(block));
                var codes = rows.Block(block).Slice(first + done, count);
                for (var row = 0; row < count; row++)
                {
                    if (codes[row] >= rowOfCode.Length)
                        throw new ArgumentException($"block {block} has code {codes[row]}, which its layout does not know", nameof(rows));
                    ((ushort*)Pointer(start + row))[block] = (ushort)(rowOfCode[codes[row]] - _starts[block]);
                }
            }
        }
    }

    private static int RowBytesOf(int blocks) => checked((blocks + Padding - 1) / Padding * Padding * sizeof(ushort));
}
