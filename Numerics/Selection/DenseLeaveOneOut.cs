using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// Leave-one-out scores of dense rows from the fixed-point F that the rows themselves are in (docs/math.md 4): F_jy - q_j, T_y - sum q and the
/// prior from those masses; only a row's non-zero inputs differ. Rows of zero norm are left out. Safe for concurrent use.
/// </summary>
public sealed partial class DenseLeaveOneOut
{
    private const int TileRows = 256;
    private const int Lanes = 8;

    private readonly int _inputs;
    private readonly int _classes;
    private readonly double[] _ks;
    private readonly double[] _alphas;
    private readonly double[] _evidence;
    private readonly double[] _evidenceByClass; // (C, D padded): F in whole rows, transposed so that a row's own class is contiguous
    private readonly int _padded;
    private readonly int _stride; // C padded
    private readonly Lazy<double[]>[] _logs;    // (D, C padded), one a value of alpha
    private readonly LeaveOneOutPrior _prior;

    /// <inheritdoc cref="BlockLeaveOneOut(RowLayout, CountTable, ClassTotals, IReadOnlyList{double}, IReadOnlyList{double}, double)"/>
    public DenseLeaveOneOut(RowLayout layout, CountTable counts, ClassTotals totals, IReadOnlyList<double> ks, IReadOnlyList<double> alphas, double beta)
    {
        (_inputs, _classes, _ks, _alphas) = (layout.Inputs, counts.Classes, [.. ks], [.. alphas]);
        _stride = (_classes + Lanes - 1) / Lanes * Lanes;
        _evidence = totals.Evidence(layout);
        _prior = new LeaveOneOutPrior(_evidence, beta);
        _padded = (_inputs + Lanes - 1) / Lanes * Lanes;
        _evidenceByClass = new double[(long)_classes * _padded];
        for (var i = 0; i < counts.Seen.Length; i++)
        {
            for (var c = 0; c < _classes; c++)
                _evidenceByClass[c * _padded + counts.Seen[i]] = (double)counts.Row(i)[c] / FixedPoint.One;
        }
        _logs = [.. alphas.Select(alpha => new Lazy<double[]>(() => LogsOf(alpha)))];
    }

    /// <inheritdoc cref="BlockLeaveOneOut.Score"/>
    public GridLoss Score(DenseRows rows, ReadOnlySpan<int> labels, CancellationToken cancellationToken)
    {
        var grid = new GridLoss(_ks, _alphas);
        var values = new double[_padded];
        var shares = new double[_padded];
        var scores = new double[_stride];
        var prior = new double[_classes];
        for (var m = 0; m < rows.Count; m++)
        {
            if (m % TileRows == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var share = Normalise(rows, m, values, shares);
            if (share == 0 || !_prior.Leaves(labels[m], share))
                continue;
            grid.Rows++;
            _prior.Write(labels[m], share, prior);
            for (var alpha = 0; alpha < _alphas.Length; alpha++)
            {
                MeanScores(alpha, values, shares, labels[m], share, scores);
                LeaveOneOutPrior.AddLosses(_ks, scores.AsSpan(0, _classes), prior, labels[m], grid.Losses.AsSpan(alpha * _ks.Length, _ks.Length));
            }
        }
        return grid;
    }

    /// <summary>
    /// Writes sum_j x̂_j log P(j | class) under every alpha, the row's own share taken out of its own class: (labels.Length, alphas, C), row-major, for rows
    /// <paramref name="first"/> on. A row of zero norm scores 0.
    /// </summary>
    /// <param name="rows">Encoded rows.</param>
    /// <param name="labels">Classes of the rows scored.</param>
    /// <param name="first">The first row scored.</param>
    /// <param name="scores">Room for (labels.Length, alphas, C).</param>
    /// <param name="taken">Room for (labels.Length): what each row brought to its class, 0 for a row of zero norm.</param>
    public void MeanScores(DenseRows rows, ReadOnlySpan<int> labels, int first, Span<double> scores, Span<double> taken)
    {
        var (values, shares, row) = (new double[_padded], new double[_padded], new double[_stride]);
        for (var m = 0; m < labels.Length; m++)
        {
            taken[m] = Normalise(rows, first + m, values, shares);
            for (var alpha = 0; alpha < _alphas.Length; alpha++)
            {
                var output = scores.Slice((m * _alphas.Length + alpha) * _classes, _classes);
                output.Clear();
                if (taken[m] == 0)
                    continue;
                MeanScores(alpha, values, shares, labels[m], taken[m], row);
                row.AsSpan(0, _classes).CopyTo(output);
            }
        }
    }

    /// <summary>Writes x̂ and its fixed-point share q / 2^20 of row m, and returns the sum of the shares: 0 for a row of zero norm.</summary>
    private double Normalise(DenseRows rows, int m, double[] values, double[] shares)
    {
        var norm = 0.0;
        for (var j = 0; j < _inputs; j++)
        {
            values[j] = rows.IsBytes ? rows.Bytes[m * _inputs + j] : rows.Floats[m * _inputs + j];
            norm += values[j];
        }
        if (norm == 0)
            return 0;
        var scale = FixedPoint.ScaleOf(norm);
        long sum = 0;
        for (var j = 0; j < _inputs; j++)
        {
            var q = FixedPoint.Quantise((float)values[j], scale);
            sum += q;
            shares[j] = (double)q / FixedPoint.One;
            values[j] /= norm;
        }
        return (double)sum / FixedPoint.One;
    }

    /// <summary>Writes sum_j x̂_j log P(j | c), (C): classes in their own lanes in order of j; the own class in 8 lanes over j, added in order.</summary>
    private void MeanScores(int alpha, double[] values, double[] shares, int y, double share, double[] scores)
    {
        var a = _alphas[alpha];
        var logs = _logs[alpha].Value;
        for (var c = 0; c < _stride; c += Lanes)
        {
            var sums = Vector512<double>.Zero;
            for (var j = 0; j < _inputs; j++)
                sums += Vector512.Create(values[j]) * Vector512.LoadUnsafe(ref logs[j * _stride + c]);
            sums.StoreUnsafe(ref scores[c]);
        }
        for (var c = 0; c < _classes; c++)
            scores[c] -= SameBits.Log(_evidence[c] + a * _inputs);
        var smoothing = Vector512.Create(a);
        var own = Vector512<double>.Zero;
        for (var j = 0; j < _padded; j += Lanes)
        {
            var x = Vector512.LoadUnsafe(ref values[j]);
            if (x == Vector512<double>.Zero)
                continue;
            var rest = Vector512.LoadUnsafe(ref _evidenceByClass[y * _padded + j]) - Vector512.LoadUnsafe(ref shares[j]) + smoothing;
            own += Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), x, x * SameBits.Log(rest));
        }
        var sum = 0.0;
        for (var lane = 0; lane < Lanes; lane++)
            sum += own[lane];
        scores[y] = sum - SameBits.Log(_evidence[y] - share + a * _inputs);
    }

    private double[] LogsOf(double alpha)
    {
        var logs = new double[_inputs * _stride];
        Array.Fill(logs, 1);
        for (var j = 0; j < _inputs; j++)
        {
            for (var c = 0; c < _classes; c++)
                logs[j * _stride + c] = _evidenceByClass[c * _padded + j] + alpha;
        }
        SameBits.Log(logs, logs);
        return logs;
    }
}
