using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Scoring;

/// <summary>
/// A layer over rows in blocks: score_c = bias_c + the sum over blocks p, ascending, of W[RowOfInput[BlockStart(p) + i_p], c] (docs/math.md 3).
/// </summary>
/// <remarks>
/// Sums are float32 and start from the bias; a class is a lane of its own, so the bits depend neither on vector width nor on tiling.
/// Safe for concurrent use.
/// </remarks>
public sealed partial class BlockLayer
{
    private const int Lanes = 16;

    /// <summary>Blocks added while a row's sums are in registers: their weights share the cache, so not too many.</summary>
    private const int BlocksPerPass = 4;

    /// <summary>Bytes of sums that are open at once: many rows for each time that a block's weights come into the cache.</summary>
    private const int TileBytes = 512 << 10;

    private const int MostTileRows = 8192;

    private readonly float[] _padded;
    private readonly float[] _paddedBias;
    private readonly int[] _offsets;
    private readonly int _alignment;
    private readonly int _stride;
    private readonly bool _inOrder;

    /// <param name="layout">The layout of the rows, of blocks.</param>
    /// <param name="classes">C.</param>
    /// <param name="bias">C numbers.</param>
    /// <param name="rowOfInput">The row of weights of every input; inputs may share one.</param>
    /// <param name="weights">W, (R, C), row-major. Handed over, not copied.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, rows are not in blocks, or an input's row does not exist.</exception>
    public BlockLayer(RowLayout layout, int classes, float[] bias, int[] rowOfInput, float[] weights)
    {
        if (layout.Kind != EncodingKind.Blocks)
            throw new ArgumentException($"the rows are {layout.Kind}, expected {EncodingKind.Blocks}", nameof(layout));
        if (classes < 1 || bias.Length != classes)
            throw new ArgumentException($"{classes} classes have a bias of {bias.Length} numbers", nameof(bias));
        if (rowOfInput.Length != layout.Inputs)
            throw new ArgumentException($"{layout.Inputs} inputs have {rowOfInput.Length} rows of weights", nameof(rowOfInput));
        if (weights.Length % classes != 0)
            throw new ArgumentException($"{weights.Length} weights are no whole rows of {classes} classes", nameof(weights));
        var rows = weights.Length / classes;
        var outside = rowOfInput.AsSpan().IndexOfAnyExceptInRange(0, rows - 1);
        if (outside >= 0)
            throw new ArgumentException($"input {outside} has row {rowOfInput[outside]} of weights, expected 0 to {rows - 1}", nameof(rowOfInput));
        (Layout, Classes, Bias, RowOfInput, Weights) = (layout, classes, bias, rowOfInput, weights);

        _stride = (classes + Lanes - 1) / Lanes * Lanes;
        // Where about every input has a row of its own, rows lie in the order of the inputs, and a code alone tells where its weights are.
        _inOrder = rowOfInput.Length <= rows + rows / 4;
        var kept = _inOrder ? rowOfInput.Length : rows;
        _padded = GC.AllocateArray<float>(checked(kept * _stride + Lanes), pinned: true);
        _alignment = AlignmentOf(_padded);
        for (var row = 0; row < kept; row++)
            weights.AsSpan((_inOrder ? rowOfInput[row] : row) * classes, classes).CopyTo(_padded.AsSpan(_alignment + row * _stride));
        _paddedBias = new float[_stride];
        bias.CopyTo(_paddedBias, 0);
        _offsets = new int[rowOfInput.Length];
        for (var input = 0; input < rowOfInput.Length; input++)
            _offsets[input] = (_inOrder ? input : rowOfInput[input]) * _stride;
    }

    public RowLayout Layout { get; }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>C numbers.</summary>
    public float[] Bias { get; }

    /// <summary>The row of <see cref="Weights"/> of every input.</summary>
    public int[] RowOfInput { get; }

    /// <summary>(R, C), row-major.</summary>
    public float[] Weights { get; }

    /// <summary>Writes the scores of <paramref name="count"/> rows from row <paramref name="first"/> on: (count, C), row-major.</summary>
    /// <exception cref="ArgumentException">The rows have another layout, a code is out of range, or <paramref name="scores"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public unsafe void Score(BlockRows rows, int first, int count, Span<double> scores)
    {
        Check(rows, first, count, scores);
        var tileRows = Math.Clamp(TileBytes / (_stride * sizeof(float)), 1, MostTileRows);
        var sums = (float*)NativeMemory.AlignedAlloc((nuint)tileRows * (nuint)_stride * sizeof(float), Lanes * sizeof(float));
        try
        {
            fixed (ushort* codes = rows.Codes)
            fixed (float* weights = &_padded[_alignment])
            {
                for (var done = 0; done < count; done += tileRows)
                {
                    var tile = Math.Min(tileRows, count - done);
                    ScoreTile(rows, codes + first + done, weights, sums, tile);
                    for (var row = 0; row < tile; row++)
                        Widen(sums + row * _stride, scores.Slice((done + row) * Classes, Classes));
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(sums);
        }
    }

    private unsafe void ScoreTile(BlockRows rows, ushort* codes, float* weights, float* sums, int tile)
    {
        for (var row = 0; row < tile; row++)
            _paddedBias.CopyTo(new Span<float>(sums + row * _stride, _stride));
        nint stride = rows.Stride;
        fixed (int* offsets = _offsets)
        {
            var block = 0;
            if (_stride == Lanes && !Vector512.IsHardwareAccelerated)
                block = ScoreByHalves(codes, stride, offsets, weights, sums, tile);
            for (; block + BlocksPerPass <= Layout.Blocks; block += BlocksPerPass)
            {
                for (var i = 0; i < BlocksPerPass; i++)
                    CheckCodes(codes + (block + i) * stride, tile, block + i);
                if (_stride == Lanes)
                    AddFour(codes + block * stride, stride, offsets, block, weights, sums, tile);
                else
                    AddFourWide(codes + block * stride, stride, offsets, block, weights, sums, tile);
            }
            for (; block < Layout.Blocks; block++)
            {
                CheckCodes(codes + block * stride, tile, block);
                AddOne(codes + block * stride, offsets + Layout.BlockStart(block), weights, sums, tile);
            }
        }
    }

    /// <summary>Up to 16 classes: a row's sums are one register. On its own, so that addresses stay in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe void AddFour(ushort* codes, nint stride, int* offsets, int block, float* weights, float* sums, int tile)
    {
        var o0 = offsets + Layout.BlockStart(block);
        var o1 = offsets + Layout.BlockStart(block + 1);
        var o2 = offsets + Layout.BlockStart(block + 2);
        var o3 = offsets + Layout.BlockStart(block + 3);
        for (nint row = 0; row < tile; row++)
        {
            var sum = Vector512.LoadAligned(sums + row * Lanes);
            sum += Vector512.LoadAligned(weights + o0[codes[row]]);
            sum += Vector512.LoadAligned(weights + o1[codes[row + stride]]);
            sum += Vector512.LoadAligned(weights + o2[codes[row + 2 * stride]]);
            sum += Vector512.LoadAligned(weights + o3[codes[row + 3 * stride]]);
            sum.StoreAligned(sums + row * Lanes);
        }
    }

    private unsafe void AddFourWide(ushort* codes, nint stride, int* offsets, int block, float* weights, float* sums, int tile)
    {
        var starts = Layout.BlockStarts.Slice(block, BlocksPerPass);
        for (nint row = 0; row < tile; row++)
        {
            var w0 = weights + offsets[starts[0] + codes[row]];
            var w1 = weights + offsets[starts[1] + codes[row + stride]];
            var w2 = weights + offsets[starts[2] + codes[row + 2 * stride]];
            var w3 = weights + offsets[starts[3] + codes[row + 3 * stride]];
            var target = sums + row * _stride;
            for (nint c = 0; c < _stride; c += Lanes)
            {
                var sum = Vector512.LoadAligned(target + c) + Vector512.LoadAligned(w0 + c);
                sum += Vector512.LoadAligned(w1 + c);
                sum += Vector512.LoadAligned(w2 + c);
                sum += Vector512.LoadAligned(w3 + c);
                sum.StoreAligned(target + c);
            }
        }
    }

    private unsafe void AddOne(ushort* codes, int* offsets, float* weights, float* sums, int tile)
    {
        for (nint row = 0; row < tile; row++)
        {
            var from = weights + offsets[codes[row]];
            var target = sums + row * _stride;
            for (nint c = 0; c < _stride; c += Lanes)
                (Vector512.LoadAligned(target + c) + Vector512.LoadAligned(from + c)).StoreAligned(target + c);
        }
    }
}
