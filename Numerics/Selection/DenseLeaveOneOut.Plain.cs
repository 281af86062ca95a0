using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

public sealed partial class DenseLeaveOneOut
{
    /// <summary>The definition, cell by cell: the mean scores, (C), of row m of class y under one alpha; a row of zero norm scores 0.</summary>
    public double[] MeanScoresPlain(int alpha, DenseRows rows, int m, int y)
    {
        var a = _alphas[alpha];
        var values = new double[_inputs];
        for (var j = 0; j < _inputs; j++)
            values[j] = rows.IsBytes ? rows.Bytes[m * _inputs + j] : rows.Floats[m * _inputs + j];
        var norm = values.Sum();
        var scores = new double[_classes];
        if (norm == 0)
            return scores;
        var shares = values.Select(value => (double)FixedPoint.Quantise((float)value, FixedPoint.ScaleOf(norm)) / FixedPoint.One).ToArray();
        for (var c = 0; c < _classes; c++)
        {
            var (own, total) = c == y ? (1, shares.Sum()) : (0, 0);
            for (var j = 0; j < _inputs; j++)
                scores[c] += values[j] == 0 ? 0 : values[j] / norm * SameBits.Log(_evidenceByClass[c * _padded + j] - own * shares[j] + a);
            scores[c] -= SameBits.Log(_evidence[c] - total + a * _inputs);
        }
        return scores;
    }

    /// <summary>As <see cref="MeanScoresPlain"/>, by the path that <see cref="Score"/> takes.</summary>
    public double[] MeanScores(int alpha, DenseRows rows, int m, int y)
    {
        var (values, shares, scores) = (new double[_padded], new double[_padded], new double[_stride]);
        var share = Normalise(rows, m, values, shares);
        if (share > 0)
            MeanScores(alpha, values, shares, y, share, scores);
        return scores[.._classes];
    }
}
