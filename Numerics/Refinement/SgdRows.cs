using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// The encoded rows of one worker, in memory for as long as it refines: row-major, since a batch takes rows from anywhere. Filled chunk by
/// chunk, then only read. Bytes stay bytes and codes stay codes.
/// </summary>
public abstract class SgdRows
{
    /// <summary>Rows lie in pieces of this many, so that their number need not be known beforehand and no array is too long.</summary>
    private const int PieceRows = 1024;

    private readonly List<byte[]> _pieces = [];
    private readonly List<int> _labels = [];
    private readonly List<float> _scales = [];

    private protected SgdRows(int classes, int weightRows, int rowBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        (Classes, WeightRows, RowBytes) = (classes, weightRows, rowBytes);
    }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>
    /// Problems that a row is about, each a softmax over its share of the C columns. 1: the row's label is a class. Above that they are the bits of a code, two columns each, and the
    /// label is the code, the first bit the most significant.
    /// </summary>
    public int Problems { get; init; } = 1;

    /// <summary>Rows of weights: D for dense rows, the weight rows of all blocks for blocks.</summary>
    public int WeightRows { get; }

    public int Count => _labels.Count;

    /// <summary>Bytes that <see cref="Count"/> rows hold.</summary>
    public long Bytes => BytesOf(RowBytes, Count);

    internal int RowBytes { get; }

    internal ReadOnlySpan<int> Labels => CollectionsMarshal.AsSpan(_labels);

    /// <summary>What a row's values are multiplied by: 1 / |x|, 0 for a row of norm 0; 1 for blocks.</summary>
    internal ReadOnlySpan<float> Scales => CollectionsMarshal.AsSpan(_scales);

    /// <summary>The square root of what the squared norm of a row is divided by to be about 1 (docs/math.md 9).</summary>
    internal abstract double Unit { get; }

    private protected static void RequireRows(int rows, int first, int count)
    {
        if (first < 0 || first > rows - count)
            throw new ArgumentException($"{count} labels from row {first} on do not fit {rows} rows", nameof(first));
    }

    private protected static long BytesOf(int rowBytes, long rows) =>
        (rows + PieceRows - 1) / PieceRows * PieceRows * (long)rowBytes + rows * (sizeof(int) + sizeof(float));

    /// <summary>Among the columns of a problem, the one that a label means.</summary>
    internal int TargetOf(int label, int problem) => Problems == 1 ? label : (label >> (Problems - 1 - problem)) & 1;

    /// <summary>The start of a row; pieces are pinned.</summary>
    internal unsafe byte* Pointer(int row)
    {
        ref var piece = ref MemoryMarshal.GetArrayDataReference(_pieces[row / PieceRows]);
        return (byte*)Unsafe.AsPointer(ref piece) + (nint)(row % PieceRows) * RowBytes;
    }

    /// <summary>Room for one more row, all zeros.</summary>
    private protected Span<byte> Add(int label, float scale)
    {
        var outcomes = Problems == 1 ? Classes : 1 << Problems;
        if ((uint)label >= (uint)outcomes)
            throw new ArgumentException($"row {Count} has class {label}, expected 0 to {outcomes - 1}", nameof(label));
        if (Count % PieceRows == 0)
            _pieces.Add(GC.AllocateArray<byte>(checked(PieceRows * RowBytes), pinned: true));
        var row = _pieces[^1].AsSpan(Count % PieceRows * RowBytes, RowBytes);
        _labels.Add(label);
        _scales.Add(scale);
        return row;
    }
}
