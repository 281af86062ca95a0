using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// The two kernels over the codes of a chunk, and the room that they need: expected counts are added up four blocks at a time, and directions are products
/// over blocks, a tile of rows and four blocks at a time so that the tables of those stay in the cache. One for all runs of a worker.
/// </summary>
/// <param name="classes">C.</param>
public sealed unsafe partial class SweepWorkspace(int classes)
{
    private const int Lanes = SweepCounts.Lanes;
    private const int TileRows = 1024;

    /// <summary>Blocks that one pass over a tile takes.</summary>
    private const int PassBlocks = 4;

    /// <summary>Factors in one product, so that 10^19 rows do not overflow it: a logarithm for sixteen blocks.</summary>
    private const int GroupBlocks = 16;

    private const double ShareUnit = 1.0 / (1 << 30);

    private readonly int _stride = SweepCounts.StrideOf(classes);
    private readonly int[] _offsets = new int[PassBlocks * TileRows];
    private readonly double[] _ownClass = OwnClassOf(classes);
    private readonly double[] _numerators = new double[TileRows * SweepCounts.StrideOf(classes)];
    private readonly double[] _denominators = new double[TileRows * SweepCounts.StrideOf(classes)];
    private readonly double[] _logs = new double[TileRows * SweepCounts.StrideOf(classes)];
    private long[] _sums = [];
    private double[] _factors = [];

    public int Classes { get; } = classes;

    /// <summary>Room for four rows' scores, (C, 4).</summary>
    internal double[] Scores { get; } = new double[classes * Lanes];

    /// <summary>Room for four rows' directions, (C, 4).</summary>
    internal double[] Directions { get; } = new double[classes * Lanes];

    /// <summary>Bytes held for chunks of so many cells.</summary>
    public static long BytesFor(long cells, int classes) => SweepCounts.StrideOf(classes) * (cells * (sizeof(long) + 2 * sizeof(double)) + 3L * TileRows * sizeof(double));

    /// <summary>Writes the sums of the rows' shares by code: (Cells, C), row-major.</summary>
    internal void Sum(SweepRows rows, SweepChunk chunk, int[] shares, Span<long> expected)
    {
        var length = chunk.Cells * _stride;
        if (_sums.Length < length)
            _sums = new long[length];
        _sums.AsSpan(0, length).Clear();
        fixed (long* sums = _sums)
        fixed (int* share = shares)
        fixed (int* offsets = _offsets)
        {
            for (var first = 0; first < rows.Count; first += TileRows)
            {
                var count = Math.Min(TileRows, rows.Count - first);
                var i = 0;
                for (; i + PassBlocks <= chunk.Blocks.Count; i += PassBlocks)
                {
                    for (var b = 0; b < PassBlocks; b++)
                        rows.WriteOffsets(chunk.Blocks[i + b], first, _stride, _offsets.AsSpan(b * TileRows, count));
                    SumFour(
                        share + first * _stride, count, offsets,
                        sums + chunk.StartOf(i) * _stride, sums + chunk.StartOf(i + 1) * _stride, sums + chunk.StartOf(i + 2) * _stride, sums + chunk.StartOf(i + 3) * _stride);
                }
                for (; i < chunk.Blocks.Count; i++)
                {
                    rows.WriteOffsets(chunk.Blocks[i], first, _stride, _offsets.AsSpan(0, count));
                    SumOne(share + first * _stride, count, offsets, sums + chunk.StartOf(i) * _stride);
                }
            }
        }
        for (var cell = 0; cell < chunk.Cells; cell++)
            _sums.AsSpan(cell * _stride, Classes).CopyTo(expected[(cell * Classes)..]);
    }

    /// <summary>Writes the direction of every row's scores: (C, padded), one class after the other.</summary>
    internal void WriteDirection(
        SweepRows rows, SweepChunk chunk, SweepCounts counts, ReadOnlySpan<long> expected, int[] shares, double alpha, (double[] Values, int Padded) direction)
    {
        WriteFactors(chunk, counts, expected);
        fixed (int* share = shares)
        fixed (int* labels = rows.Labels)
        fixed (double* own = _ownClass)
        fixed (double* factors = _factors)
        {
            for (var first = 0; first < rows.Count; first += TileRows)
            {
                var count = Math.Min(TileRows, rows.Count - first);
                var tile = new Tile(share + first * _stride, labels + first, own, count, alpha);
                _logs.AsSpan(0, count * _stride).Clear();
                for (var i = 0; i < chunk.Blocks.Count; i += GroupBlocks)
                {
                    _numerators.AsSpan(0, count * _stride).Fill(1);
                    _denominators.AsSpan(0, count * _stride).Fill(1);
                    var end = Math.Min(i + GroupBlocks, chunk.Blocks.Count);
                    for (var b = i; b < end; b += PassBlocks)
                        Multiply(tile, rows, chunk, (b, Math.Min(b + PassBlocks, end)), first, factors);
                    AddLogs(count);
                }
                Turn(first, count, direction.Values, direction.Padded);
            }
        }
    }

    private void Multiply(in Tile tile, SweepRows rows, SweepChunk chunk, (int First, int End) blocks, int firstRow, double* factors)
    {
        for (var i = blocks.First; i < blocks.End; i++)
            rows.WriteOffsets(chunk.Blocks[i], firstRow, 2 * _stride, _offsets.AsSpan((i - blocks.First) * TileRows, tile.Count));
        fixed (int* offsets = _offsets)
        fixed (double* numerators = _numerators)
        fixed (double* denominators = _denominators)
        {
            if (blocks.End - blocks.First == PassBlocks)
            {
                MultiplyFour(tile, chunk, blocks.First, factors, offsets, numerators, denominators);
                return;
            }
            for (var i = blocks.First; i < blocks.End; i++)
                MultiplyOne(tile, factors + chunk.StartOf(i) * 2 * _stride, offsets + (i - blocks.First) * TileRows, numerators, denominators);
        }
    }

    private void SumFour(int* share, int count, int* offsets, long* s0, long* s1, long* s2, long* s3)
    {
        nint stride = _stride;
        for (nint m = 0; m < count; m++)
        {
            var t0 = s0 + offsets[m];
            var t1 = s1 + offsets[m + TileRows];
            var t2 = s2 + offsets[m + 2 * TileRows];
            var t3 = s3 + offsets[m + 3 * TileRows];
            for (nint c = 0; c < stride; c += Lanes)
            {
                var own = Vector256.WidenLower(Vector128.Load(share + c).ToVector256Unsafe());
                (Vector256.Load(t0 + c) + own).Store(t0 + c);
                (Vector256.Load(t1 + c) + own).Store(t1 + c);
                (Vector256.Load(t2 + c) + own).Store(t2 + c);
                (Vector256.Load(t3 + c) + own).Store(t3 + c);
            }
            share += stride;
        }
    }

    private void SumOne(int* share, int count, int* offsets, long* sums)
    {
        for (nint m = 0; m < count; m++)
        {
            var to = sums + offsets[m];
            for (nint c = 0; c < _stride; c += Lanes)
                (Vector256.Load(to + c) + Vector256.WidenLower(Vector128.Load(share + c).ToVector256Unsafe())).Store(to + c);
            share += _stride;
        }
    }

    private void MultiplyFour(in Tile tile, SweepChunk chunk, int first, double* factors, int* offsets, double* numerators, double* denominators)
    {
        nint stride = _stride;
        var f0 = factors + chunk.StartOf(first) * 2 * stride;
        var f1 = factors + chunk.StartOf(first + 1) * 2 * stride;
        var f2 = factors + chunk.StartOf(first + 2) * 2 * stride;
        var f3 = factors + chunk.StartOf(first + 3) * 2 * stride;
        var (alpha, unit) = (Vector256.Create(tile.Alpha), Vector256.Create(ShareUnit));
        var share = tile.Share;
        for (nint m = 0; m < tile.Count; m++)
        {
            var row0 = f0 + offsets[m];
            var row1 = f1 + offsets[m + TileRows];
            var row2 = f2 + offsets[m + 2 * TileRows];
            var row3 = f3 + offsets[m + 3 * TileRows];
            var own = tile.Own + tile.Labels[m] * stride;
            for (nint c = 0; c < stride; c += Lanes)
            {
                var one = Vector256.Load(own + c);
                var mine = ToDouble(share + c);
                var numerator = Vector256.Load(numerators + c);
                var denominator = Vector256.Load(denominators + c);
                numerator *= Vector256.Load(row0 + c) - one + alpha;
                denominator *= Vector256.FusedMultiplyAdd(Vector256.Load(row0 + stride + c) - mine, unit, alpha);
                numerator *= Vector256.Load(row1 + c) - one + alpha;
                denominator *= Vector256.FusedMultiplyAdd(Vector256.Load(row1 + stride + c) - mine, unit, alpha);
                numerator *= Vector256.Load(row2 + c) - one + alpha;
                denominator *= Vector256.FusedMultiplyAdd(Vector256.Load(row2 + stride + c) - mine, unit, alpha);
                numerator *= Vector256.Load(row3 + c) - one + alpha;
                denominator *= Vector256.FusedMultiplyAdd(Vector256.Load(row3 + stride + c) - mine, unit, alpha);
                numerator.Store(numerators + c);
                denominator.Store(denominators + c);
            }
            share += stride;
            numerators += stride;
            denominators += stride;
        }
    }

    private void MultiplyOne(in Tile tile, double* factors, int* offsets, double* numerators, double* denominators)
    {
        var (alpha, unit) = (Vector256.Create(tile.Alpha), Vector256.Create(ShareUnit));
        for (nint m = 0; m < tile.Count; m++)
        {
            var own = tile.Own + tile.Labels[m] * _stride;
            var row = factors + offsets[m];
            for (nint c = 0; c < _stride; c += Lanes)
            {
                var at = m * _stride + c;
                var numerator = Vector256.Load(row + c) - Vector256.Load(own + c) + alpha;
                var denominator = Vector256.FusedMultiplyAdd(Vector256.Load(row + _stride + c) - ToDouble(tile.Share + at), unit, alpha);
                (Vector256.Load(numerators + at) * numerator).Store(numerators + at);
                (Vector256.Load(denominators + at) * denominator).Store(denominators + at);
            }
        }
    }

    /// <summary>Four whole numbers below 2^31, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ToDouble(int* four) =>
        (Vector256.WidenLower(Vector128.Load(four).ToVector256Unsafe()) + Vector256.Create(SweepRun.RoundingShiftBits)).AsDouble() - Vector256.Create(SweepRun.RoundingShift);

    private void AddLogs(int count)
    {
        for (var i = 0; i < count * _stride; i += Lanes)
        {
            var quotient = Vector256.LoadUnsafe(ref _numerators[i]) / Vector256.LoadUnsafe(ref _denominators[i]);
            (Vector256.LoadUnsafe(ref _logs[i]) + SameBits.Log(quotient)).StoreUnsafe(ref _logs[i]);
        }
    }

    private void Turn(int first, int count, double[] direction, int padded)
    {
        for (var c = 0; c < Classes; c++)
        {
            for (var m = 0; m < count; m++)
                direction[c * padded + first + m] = _logs[m * _stride + c];
        }
    }

    /// <summary>Observed and expected counts of the chunk's cells, a row each beside the other: (Cells, 2, Stride).</summary>
    private void WriteFactors(SweepChunk chunk, SweepCounts counts, ReadOnlySpan<long> expected)
    {
        if (_factors.Length < chunk.Cells * 2 * _stride)
            _factors = new double[chunk.Cells * 2 * _stride];
        for (var i = 0; i < chunk.Blocks.Count; i++)
        {
            for (var cell = chunk.StartOf(i); cell < chunk.StartOf(i + 1); cell++)
            {
                var row = _factors.AsSpan(cell * 2 * _stride, 2 * _stride);
                counts.Padded.Slice((chunk.GlobalStartOf(i) + cell - chunk.StartOf(i)) * _stride, _stride).CopyTo(row);
                for (var c = 0; c < Classes; c++)
                    row[_stride + c] = expected[cell * Classes + c];
            }
        }
    }

    /// <summary>1 in a row's own class: (C, Stride).</summary>
    private static double[] OwnClassOf(int classes)
    {
        var stride = SweepCounts.StrideOf(classes);
        var own = new double[classes * stride];
        for (var c = 0; c < classes; c++)
            own[c * stride + c] = 1;
        return own;
    }

    /// <summary>A tile of rows: their shares and classes.</summary>
    private readonly struct Tile(int* share, int* labels, double* own, int count, double alpha)
    {
        public readonly int* Share = share;
        public readonly int* Labels = labels;
        public readonly double* Own = own;
        public readonly int Count = count;
        public readonly double Alpha = alpha;
    }
}
