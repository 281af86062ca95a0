using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>Losses and residuals p - y of a batch, float64, classes ascending: the same bits on all hardware.</summary>
internal sealed class SgdSoftmax(int batch, int classes)
{
    /// <summary>A row's loss at which an epoch counts as diverged, nats.</summary>
    public const double MostLoss = 1 << 20;

    private const double UnitsPerNat = 1L << 40;

    private readonly double[] _scores = new double[batch * classes];
    private readonly double[] _own = new double[batch];
    private readonly double[] _sums = new double[batch];

    /// <summary>(batch, C): scores to be filled in, afterwards residuals.</summary>
    public Span<double> Rows => _scores;

    /// <summary>
    /// Turns the scores of the first rows into p - y and adds their losses, -log p(label) rounded half to even to units of 2^-40 nats. False where a
    /// loss is not a number below <see cref="MostLoss"/>; residuals then mean nothing.
    /// </summary>
    public bool Residuals(ReadOnlySpan<int> labels, ref Int128 loss)
    {
        var all = _scores.AsSpan(0, labels.Length * classes);
        for (var m = 0; m < labels.Length; m++)
        {
            var row = all.Slice(m * classes, classes);
            var most = row[0];
            for (var c = 1; c < row.Length; c++)
                most = row[c] > most ? row[c] : most;
            for (var c = 0; c < row.Length; c++)
                row[c] -= most;
            _own[m] = row[labels[m]];
        }
        SameBits.Exp(all, all);
        for (var m = 0; m < labels.Length; m++)
        {
            var row = all.Slice(m * classes, classes);
            var sum = 0.0;
            for (var c = 0; c < row.Length; c++)
                sum += row[c];
            var factor = 1 / sum;
            for (var c = 0; c < row.Length; c++)
                row[c] *= factor;
            row[labels[m]] -= 1;
            _sums[m] = sum;
        }
        var logs = _sums.AsSpan(0, labels.Length);
        SameBits.Log(logs, logs);
        for (var m = 0; m < labels.Length; m++)
        {
            var nats = logs[m] - _own[m];
            if (!(nats < MostLoss))
                return false;
            loss += (long)Math.Round(nats * UnitsPerNat);
        }
        return true;
    }
}
