using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// Leave-one-out losses of sparse rows of norm 1 that F has counted, for a layer over texts: a row is left out of F, of the prior and of the vocabulary (docs/math.md 12), all of it in the
/// integers of <see cref="SparseWindowScores"/>. Rows of zero norm do not count. Safe for concurrent use.
/// </summary>
/// <param name="layout">Layout of the rows, sparse.</param>
/// <param name="counts">F over all training rows.</param>
/// <param name="totals">Its totals.</param>
/// <param name="ks">Candidates for K.</param>
/// <param name="alphas">Candidates for alpha, each above 0.</param>
/// <param name="beta">Smoothing of the prior.</param>
/// <param name="vanishing">As <see cref="SparseWindowScores.Vanishing"/>.</param>
public sealed class SparseLeaveOneOut(
    RowLayout layout, CountTable counts, ClassTotals totals, IReadOnlyList<double> ks, IReadOnlyList<double> alphas, double beta, bool[]? vanishing)
{
    private const int TileRows = 512;

    private readonly int _classes = totals.Classes;
    private readonly double[] _ks = [.. ks];
    private readonly double[] _evidence = totals.Evidence(layout);
    private readonly LeaveOneOutPrior _prior = new(totals.Evidence(layout), beta);
    private readonly Lazy<SparseWindowScores>[] _tables =
        [.. alphas.Select(alpha => new Lazy<SparseWindowScores>(() => new SparseWindowScores(layout, WindowGrid.Whole(layout), counts, totals, alpha) { Vanishing = vanishing }))];

    /// <summary>Losses of the rows under the whole grid.</summary>
    /// <param name="rows">Training rows, each of them in F.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="cancellationToken">Checked every few hundred rows.</param>
    public GridLoss Score(SparseRows rows, ReadOnlySpan<int> labels, CancellationToken cancellationToken)
    {
        var grid = new GridLoss(ks, alphas);
        var (sums, weights, means, prior) = (new long[TileRows * _classes], new long[TileRows], new double[_classes], new double[_classes]);
        for (var first = 0; first < rows.Count; first += TileRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tile = rows.Slice(first, Math.Min(TileRows, rows.Count - first));
            var own = labels.Slice(first, tile.Count);
            for (var alpha = 0; alpha < _tables.Length; alpha++)
            {
                _tables[alpha].Value.ScoreSparse(tile, own.ToArray(), sums, weights);
                for (var m = 0; m < tile.Count; m++)
                {
                    var share = Math.Min(1, _evidence[own[m]]);
                    if (tile.Starts[m] == tile.Starts[m + 1] || !_prior.Leaves(own[m], share))
                        continue;
                    grid.Rows += alpha == 0 ? 1 : 0;
                    _prior.Write(own[m], share, prior);
                    for (var c = 0; c < _classes; c++)
                        means[c] = weights[m] == 0 ? 0 : sums[m * _classes + c] / (WindowScores.One * weights[m]);
                    LeaveOneOutPrior.AddLosses(_ks, means, prior, own[m], grid.Losses.AsSpan(alpha * _ks.Length, _ks.Length));
                }
            }
        }
        return grid;
    }
}
