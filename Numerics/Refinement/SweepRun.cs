using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// One run of scaling sweeps over a worker's rows: their leave-one-out scores S and, within a chunk, their probabilities and the direction of their
/// scores (docs/math.md 8). Chunk by chunk: <see cref="Expect"/>, <see cref="Direct"/>, <see cref="SumsAt"/> for each trial, <see cref="Move"/>. What
/// leaves the worker are sums of integers; what stays depends on the row alone. Used by one thread at a time.
/// </summary>
public sealed partial class SweepRun
{
    private const int Lanes = SweepCounts.Lanes;

    /// <summary>1.5 x 2^52: a number added to it is rounded half to even to an integer, which its bits then hold.</summary>
    internal const double RoundingShift = 6755399441055744;

    internal const long RoundingShiftBits = 0x4338000000000000;

    private readonly SweepRows _rows;
    private readonly SweepWorkspace _workspace;
    private readonly int _classes;
    private readonly int _stride;
    private readonly int _padded;
    private readonly double[] _scores;
    private readonly double[] _direction;
    private readonly int[] _shares;

    /// <param name="rows">The rows.</param>
    /// <param name="workspace">Room that runs over the same rows share.</param>
    public SweepRun(SweepRows rows, SweepWorkspace workspace)
    {
        (_rows, _workspace, _classes) = (rows, workspace, workspace.Classes);
        _stride = SweepCounts.StrideOf(_classes);
        _padded = (rows.Count + Lanes - 1) / Lanes * Lanes;
        _scores = new double[(long)_padded * _classes];
        _direction = new double[(long)_padded * _classes];
        _shares = new int[(long)_padded * _stride];
    }

    /// <summary>S as numbers (C, rows), row-major.</summary>
    public void CopyScoresTo(Span<double> scores)
    {
        for (var c = 0; c < _classes; c++)
            _scores.AsSpan(c * _padded, _rows.Count).CopyTo(scores[(c * _rows.Count)..]);
    }

    /// <summary>Sets S: (C, rows), row-major.</summary>
    public void SetScores(ReadOnlySpan<double> scores)
    {
        for (var c = 0; c < _classes; c++)
            scores.Slice(c * _rows.Count, _rows.Count).CopyTo(_scores.AsSpan(c * _padded));
    }

    /// <summary>Sets the scores of every row to these, (C).</summary>
    public void SetScoresToPrior(ReadOnlySpan<double> logPrior)
    {
        for (var c = 0; c < _classes; c++)
            _scores.AsSpan(c * _padded, _padded).Fill(logPrior[c]);
    }

    /// <summary>Writes the expected counts of the chunk over these rows: (Cells, C), row-major, in units of 2^-30.</summary>
    public void Expect(SweepChunk chunk, Span<long> expected)
    {
        WriteShares();
        _workspace.Sum(_rows, chunk, _shares, expected);
    }

    /// <summary>Forms the direction of these rows' scores, each row's own share taken out of both counts.</summary>
    /// <param name="chunk">The chunk that <see cref="Expect"/> was called with.</param>
    /// <param name="counts">Observed counts.</param>
    /// <param name="expected">Expected counts over all workers: (Cells, C).</param>
    /// <param name="alpha">Damps both counts; above 0.</param>
    public void Direct(SweepChunk chunk, SweepCounts counts, ReadOnlySpan<long> expected, double alpha) =>
        _workspace.WriteDirection(_rows, chunk, counts, expected, _shares, alpha, (_direction, _padded));

    /// <summary>S += step x direction.</summary>
    public void Move(double step)
    {
        for (var i = 0; i < _scores.Length; i += Lanes)
            (Vector256.LoadUnsafe(ref _scores[i]) + Vector256.LoadUnsafe(ref _direction[i]) * step).StoreUnsafe(ref _scores[i]);
    }

    /// <summary>The loss of these rows and its derivatives along the direction, at S + step x direction.</summary>
    public LineSums SumsAt(double step)
    {
        var (scores, directions) = (_workspace.Scores, _workspace.Directions);
        var (losses, gradients, curvatures) = (Vector256<long>.Zero, Vector256<long>.Zero, Vector256<long>.Zero);
        var labels = _rows.Labels;
        for (var row = 0; row < labels.Length; row += Lanes)
        {
            var top = Vector256.Create(double.NegativeInfinity);
            for (var c = 0; c < _classes; c++)
            {
                var at = c * _padded + row;
                var direction = Vector256.LoadUnsafe(ref _direction[at]);
                var score = Vector256.LoadUnsafe(ref _scores[at]) + direction * step;
                score.StoreUnsafe(ref scores[c * Lanes]);
                direction.StoreUnsafe(ref directions[c * Lanes]);
                top = Vector256.MaxNative(top, score);
            }
            var (ownScore, ownDirection) = OwnOf(labels, row, scores, directions);
            var sum = Exponentiate(scores, top);
            var mean = Vector256<double>.Zero;
            for (var c = 0; c < _classes; c++)
            {
                var probability = Vector256.LoadUnsafe(ref scores[c * Lanes]) / sum;
                probability.StoreUnsafe(ref scores[c * Lanes]);
                mean += probability * Vector256.LoadUnsafe(ref directions[c * Lanes]);
            }
            var curvature = Vector256<double>.Zero;
            for (var c = 0; c < _classes; c++)
            {
                var distance = Vector256.LoadUnsafe(ref directions[c * Lanes]) - mean;
                curvature += Vector256.LoadUnsafe(ref scores[c * Lanes]) * (distance * distance);
            }
            var mask = MaskOf(labels.Length - row);
            losses += UnitsOf(SameBits.Log(sum) + top - ownScore) & mask;
            gradients += UnitsOf(mean - ownDirection) & mask;
            curvatures += UnitsOf(curvature) & mask;
        }
        return new LineSums(Vector256.Sum(losses), Vector256.Sum(gradients), Vector256.Sum(curvatures));
    }

    /// <summary>Probabilities of all rows as whole numbers of 2^-30, row-major with the stride of tables.</summary>
    private void WriteShares()
    {
        var scores = _workspace.Scores;
        for (var row = 0; row < _padded; row += Lanes)
        {
            var top = Vector256.Create(double.NegativeInfinity);
            for (var c = 0; c < _classes; c++)
            {
                var score = Vector256.LoadUnsafe(ref _scores[c * _padded + row]);
                score.StoreUnsafe(ref scores[c * Lanes]);
                top = Vector256.MaxNative(top, score);
            }
            var sum = Exponentiate(scores, top);
            for (var c = 0; c < _classes; c++)
            {
                var units = (Vector256.LoadUnsafe(ref scores[c * Lanes]) / sum * (1 << 30) + Vector256.Create(RoundingShift)).AsInt64() - Vector256.Create(RoundingShiftBits);
                for (var lane = 0; lane < Lanes; lane++)
                    _shares[(row + lane) * _stride + c] = (int)units[lane];
            }
        }
    }

    /// <summary>Turns scores into exp(score - top) and returns their sum over classes, in order.</summary>
    private Vector256<double> Exponentiate(double[] scores, Vector256<double> top)
    {
        var sum = Vector256<double>.Zero;
        for (var c = 0; c < _classes; c++)
        {
            var power = SameBits.Exp(Vector256.LoadUnsafe(ref scores[c * Lanes]) - top);
            power.StoreUnsafe(ref scores[c * Lanes]);
            sum += power;
        }
        return sum;
    }

    private static (Vector256<double> Score, Vector256<double> Direction) OwnOf(ReadOnlySpan<int> labels, int row, double[] scores, double[] directions)
    {
        Span<double> own = stackalloc double[2 * Lanes];
        own.Clear();
        for (var lane = 0; lane < Lanes && row + lane < labels.Length; lane++)
        {
            own[lane] = scores[labels[row + lane] * Lanes + lane];
            own[Lanes + lane] = directions[labels[row + lane] * Lanes + lane];
        }
        return (Vector256.Create<double>(own), Vector256.Create<double>(own[Lanes..]));
    }

    private static Vector256<long> UnitsOf(Vector256<double> nats) =>
        (nats * LineSums.Unit + Vector256.Create(RoundingShift)).AsInt64() - Vector256.Create(RoundingShiftBits);

    private static Vector256<long> MaskOf(int left) => left >= Lanes
        ? Vector256<long>.AllBitsSet
        : Vector256.LessThan(Vector256.Create(0L, 1, 2, 3), Vector256.Create((long)left));
}
