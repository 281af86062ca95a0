using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// Leave-one-out scores of block rows from the counts that the rows themselves are in (docs/math.md 4): in a row's own class its count is
/// taken from every cell, from the class total and from the prior, which equals solving again without the row. K multiplies the sum, so one
/// pass serves every K. Safe for concurrent use.
/// </summary>
public sealed partial class BlockLeaveOneOut
{
    private const int TileRows = 1024;
    private const int Lanes = 8;
    private const int MostMemo = 1 << 16;

    private readonly RowLayout _layout;
    private readonly CountTable _counts;
    private readonly double[] _evidence;
    private readonly double[] _ks;
    private readonly double[] _alphas;
    private readonly int[] _rowOfInput;
    private readonly Lazy<Table>[] _tables;
    private readonly LeaveOneOutPrior _prior;

    /// <param name="layout">Layout of the rows.</param>
    /// <param name="counts">F over all training rows.</param>
    /// <param name="totals">Class totals over all training rows.</param>
    /// <param name="ks">Candidates for K.</param>
    /// <param name="alphas">Candidates for alpha, each above 0.</param>
    /// <param name="beta">Smoothing of the prior.</param>
    public BlockLeaveOneOut(RowLayout layout, CountTable counts, ClassTotals totals, IReadOnlyList<double> ks, IReadOnlyList<double> alphas, double beta)
    {
        (_layout, _counts, _ks, _alphas) = (layout, counts, [.. ks], [.. alphas]);
        _evidence = totals.Evidence(layout);
        _prior = new LeaveOneOutPrior(_evidence, beta);
        _rowOfInput = new int[layout.Inputs];
        Array.Fill(_rowOfInput, counts.Seen.Length);
        for (var i = 0; i < counts.Seen.Length; i++)
            _rowOfInput[counts.Seen[i]] = i;
        _tables = [.. alphas.Select(alpha => new Lazy<Table>(() => new Table(counts, alpha)))];
    }

    private int Classes => _counts.Classes;

    /// <summary>The losses of these training rows under the whole grid.</summary>
    /// <param name="rows">Training rows, each of them in the counts.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="cancellationToken">Checked every thousand rows.</param>
    public GridLoss Score(BlockRows rows, ReadOnlySpan<int> labels, CancellationToken cancellationToken)
    {
        var grid = new GridLoss(_ks, _alphas);
        var scores = new double[TileRows * Classes];
        var prior = new double[Classes];
        for (var first = 0; first < rows.Count; first += TileRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tile = labels.Slice(first, Math.Min(TileRows, rows.Count - first));
            for (var alpha = 0; alpha < _alphas.Length; alpha++)
            {
                MeanScores(alpha, rows, tile, first, scores);
                for (var m = 0; m < tile.Length; m++)
                {
                    if (!_prior.Leaves(tile[m], 1))
                        continue;
                    grid.Rows += alpha == 0 ? 1 : 0;
                    _prior.Write(tile[m], 1, prior);
                    LeaveOneOutPrior.AddLosses(_ks, scores.AsSpan(m * Classes, Classes), prior, tile[m], grid.Losses.AsSpan(alpha * _ks.Length, _ks.Length));
                }
            }
        }
        return grid;
    }

    /// <summary>Writes the log prior of a row of class y with that row left out, (C).</summary>
    public void LogPrior(int y, Span<double> prior) => _prior.Write(y, 1, prior);

    /// <summary>
    /// Writes the mean over blocks of log P(code | class), the row's own share taken out of its own class: (labels.Length, C), row-major,
    /// for rows <paramref name="first"/> on. Sums run over blocks in order, each class in one lane.
    /// </summary>
    /// <param name="alpha">Index into the alphas.</param>
    /// <param name="rows">Encoded rows.</param>
    /// <param name="labels">Classes of the rows scored.</param>
    /// <param name="first">The first row scored.</param>
    /// <param name="scores">Room for (labels.Length, C).</param>
    public void MeanScores(int alpha, BlockRows rows, ReadOnlySpan<int> labels, int first, Span<double> scores)
    {
        var table = _tables[alpha].Value;
        var stride = (Classes + Lanes - 1) / Lanes * Lanes;
        var sums = new double[labels.Length * stride];
        var own = new double[labels.Length];
        var starts = _layout.BlockStarts;
        for (var block = 0; block < _layout.Blocks; block++)
        {
            var codes = rows.Block(block).Slice(first, labels.Length);
            var rowOfCode = _rowOfInput.AsSpan(starts[block], _layout.BlockSize(block));
            for (var m = 0; m < codes.Length; m++)
            {
                var at = rowOfCode[codes[m]] * Classes;
                table.AddRow(at, sums.AsSpan(m * stride, stride));
                own[m] += table.LogWithout(at + labels[m]);
            }
        }
        Normalise(_alphas[alpha], labels, sums, stride, own, scores);
    }

    private void Normalise(double alpha, ReadOnlySpan<int> labels, double[] sums, int stride, double[] own, Span<double> scores)
    {
        var normalisers = new double[Classes];
        var ownNormalisers = new double[Classes];
        for (var block = 0; block < _layout.Blocks; block++)
        {
            for (var c = 0; c < Classes; c++)
            {
                normalisers[c] += SameBits.Log(_evidence[c] + alpha * _layout.BlockSize(block));
                ownNormalisers[c] += SameBits.Log(Math.Max(_evidence[c] - 1, 0) + alpha * _layout.BlockSize(block));
            }
        }
        for (var m = 0; m < labels.Length; m++)
        {
            for (var c = 0; c < Classes; c++)
            {
                var sum = c == labels[m] ? own[m] - ownNormalisers[c] : sums[m * stride + c] - normalisers[c];
                scores[m * Classes + c] = sum / _layout.Blocks;
            }
        }
    }

    /// <summary>log(F + a) of every seen input, one row of constants for the others, and log(F - 1 + a) for own classes.</summary>
    private sealed class Table
    {
        private readonly double[] _logs;
        private readonly double[] _logOfCount;
        private readonly CountTable _counts;
        private readonly double _alpha;

        public Table(CountTable counts, double alpha)
        {
            (_counts, _alpha) = (counts, alpha);
            var cells = counts.Counts.Length;
            _logs = new double[cells + counts.Classes + Lanes]; // a row for unseen inputs, and room for whole vectors
            long most = 0;
            for (var i = 0; i < cells; i++)
                most = Math.Max(most, counts.Counts[i]);
            _logOfCount = new double[(int)Math.Min(most + 1, MostMemo)];
            for (var count = 0; count < _logOfCount.Length; count++)
                _logOfCount[count] = SameBits.Log(count + alpha);
            for (var i = 0; i < cells; i++)
                _logs[i] = LogOf(counts.Counts[i]);
            Array.Fill(_logs, SameBits.Log(alpha), cells, counts.Classes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double LogWithout(int cell) => cell < _counts.Counts.Length ? LogOf(Math.Max(_counts.Counts[cell] - 1, 0)) : _logOfCount[0];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddRow(int at, Span<double> sums)
        {
            ref var row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_logs), at);
            ref var sum = ref MemoryMarshal.GetReference(sums);
            for (var c = 0; c < sums.Length; c += Lanes)
            {
                var added = Vector512.LoadUnsafe(ref sum, (nuint)c) + Vector512.LoadUnsafe(ref row, (nuint)c);
                added.StoreUnsafe(ref sum, (nuint)c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private double LogOf(long count) => count < _logOfCount.Length ? _logOfCount[count] : SameBits.Log(count + _alpha);
    }
}
