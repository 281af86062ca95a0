using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Mixed;

/// <summary>
/// Scores of training rows, each left out, group by group and for every alpha (docs/math.md 13): as distances from the row's own class, which is all that a
/// softmax sees, in float32. Holds rows x (alphas x groups + 1) x C numbers. Belongs to one thread.
/// </summary>
/// <param name="groups">G.</param>
/// <param name="classes">C.</param>
/// <param name="alphas">Candidates for alpha.</param>
public sealed class MixedScores(int groups, int classes, int alphas)
{
    private const int TileNumbers = 1 << 18;

    private readonly int _width = (alphas * groups + 1) * classes;
    private readonly List<float[]> _tiles = [];
    private int _last;

    /// <summary>Rows that are scored.</summary>
    public int Rows => _tiles.Count == 0 ? 0 : (_tiles.Count - 1) * TileRows + _last;

    private int TileRows => Math.Max(1, TileNumbers / _width);

    /// <summary>Bytes held for so many rows.</summary>
    public static long BytesFor(long rows, int groups, int classes, int alphas) => rows * (alphas * groups + 1) * classes * sizeof(float);

    /// <summary>Adds a row.</summary>
    /// <param name="label">Its class.</param>
    /// <param name="prior">(C) log prior.</param>
    /// <param name="means">The mean scores of each group, (alphas, C) from <paramref name="at"/> on.</param>
    /// <param name="at">Where the row's scores are.</param>
    internal void Add(int label, ReadOnlySpan<double> prior, double[][] means, int at)
    {
        if (_tiles.Count == 0 || _last == TileRows)
        {
            _tiles.Add(new float[TileRows * _width]);
            _last = 0;
        }
        var row = _tiles[^1].AsSpan(_last++ * _width, _width);
        Distances(prior, label, row);
        for (var alpha = 0; alpha < alphas; alpha++)
        {
            for (var group = 0; group < groups; group++)
                Distances(means[group].AsSpan(at + alpha * classes, classes), label, row[((alpha * groups + group + 1) * classes)..]);
        }
    }

    /// <summary>Loss of a K for each group under one alpha, with its derivatives, summed over the rows. Sums within a row run over groups, then over classes, in order.</summary>
    public ExactTemperatureSums Sums(int alpha, ReadOnlySpan<double> ks)
    {
        var sums = new ExactTemperatureSums(groups) { Rows = Rows };
        var (scores, p, means) = (new double[classes], new double[classes], new double[groups]);
        for (var tile = 0; tile < _tiles.Count; tile++)
        {
            var rows = tile == _tiles.Count - 1 ? _last : TileRows;
            for (var m = 0; m < rows; m++)
            {
                var row = _tiles[tile].AsSpan(m * _width, _width);
                var parts = row.Slice((alpha * groups + 1) * classes, groups * classes);
                for (var c = 0; c < classes; c++)
                {
                    scores[c] = row[c];
                    for (var group = 0; group < groups; group++)
                        scores[c] += ks[group] * parts[group * classes + c];
                }
                sums.Loss += ExactSum.Units(Softmax.Probabilities(scores, p)); // the own class scores 0
                AddDerivatives(sums, parts, p, means);
            }
        }
        return sums;
    }

    private void AddDerivatives(ExactTemperatureSums sums, ReadOnlySpan<float> parts, double[] p, double[] means)
    {
        var at = 0;
        for (var k = 0; k < groups; k++)
        {
            means[k] = 0;
            for (var c = 0; c < classes; c++)
                means[k] += p[c] * parts[k * classes + c];
            sums.Gradient[k] += ExactSum.Units(means[k]);
        }
        for (var k = 0; k < groups; k++)
        {
            for (var l = k; l < groups; l++)
            {
                var product = 0.0;
                for (var c = 0; c < classes; c++)
                    product += p[c] * parts[k * classes + c] * parts[l * classes + c];
                sums.Curvature[at++] += ExactSum.Units(product - means[k] * means[l]);
            }
        }
    }

    private void Distances(ReadOnlySpan<double> scores, int label, Span<float> output)
    {
        for (var c = 0; c < classes; c++)
            output[c] = (float)(scores[c] - scores[label]);
    }
}
