using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Numerics.Mixed;

/// <summary>
/// Leave-one-out scores of mixed rows, group by group (docs/math.md 13): each group's are those of the group alone, the prior's that of the group that most
/// rows have a part in. K comes later, so that one pass over the rows serves the whole search for it. Safe for concurrent use.
/// </summary>
public sealed class MixedLeaveOneOut
{
    private const int TileRows = 1024;

    private readonly DenseLeaveOneOut?[] _dense;
    private readonly BlockLeaveOneOut?[] _blocks;
    private readonly LeaveOneOutPrior _prior;
    private readonly int _priorOf;
    private readonly int _classes;
    private readonly int _alphas;

    /// <param name="groups">The statistics of each group.</param>
    /// <param name="alphas">Candidates for alpha, each above 0.</param>
    /// <param name="beta">Smoothing of the prior.</param>
    public MixedLeaveOneOut(IReadOnlyList<MixedGroup> groups, IReadOnlyList<double> alphas, double beta)
    {
        (_classes, _alphas) = (groups[0].Counts.Classes, alphas.Count);
        _dense = [.. groups.Select(group => group.Layout.Kind == EncodingKind.Dense ? new DenseLeaveOneOut(group.Layout, group.Counts, group.Totals, [1], alphas, beta) : null)];
        _blocks = [.. groups.Select(group => group.Layout.Kind == EncodingKind.Blocks ? new BlockLeaveOneOut(group.Layout, group.Counts, group.Totals, [1], alphas, beta) : null)];
        _priorOf = MixedGroup.PriorOf([.. groups.Select(group => group.ZeroRows)]);
        _prior = new LeaveOneOutPrior(groups[_priorOf].Totals.Evidence(groups[_priorOf].Layout), beta);
    }

    /// <summary>Room for the scores of rows.</summary>
    public MixedScores NewScores() => new(_dense.Length, _classes, _alphas);

    /// <summary>Adds the scores of these training rows. Rows without a part in any group, and rows that are all the evidence of their class, are passed over.</summary>
    /// <param name="rows">The rows in each group, all of them in its counts.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="scores">Takes them.</param>
    /// <param name="cancellationToken">Checked every thousand rows.</param>
    public void AddTo(MixedScores scores, IReadOnlyList<GroupRows> rows, ReadOnlySpan<int> labels, CancellationToken cancellationToken)
    {
        var groups = rows.Count;
        var means = new double[groups][];
        var taken = new double[groups][];
        for (var group = 0; group < groups; group++)
            (means[group], taken[group]) = (new double[TileRows * _alphas * _classes], new double[TileRows]);
        var prior = new double[_classes];
        for (var first = 0; first < labels.Length; first += TileRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tile = labels.Slice(first, Math.Min(TileRows, labels.Length - first));
            for (var group = 0; group < groups; group++)
                Score(group, rows[group], tile, first, means[group], taken[group]);
            for (var m = 0; m < tile.Length; m++)
            {
                var row = m;
                if (Array.TrueForAll(taken, shares => shares[row] == 0) || !_prior.Leaves(tile[m], taken[_priorOf][m]))
                    continue;
                _prior.Write(tile[m], taken[_priorOf][m], prior);
                scores.Add(tile[m], prior, means, m * _alphas * _classes);
            }
        }
    }

    /// <summary>Writes a group's mean scores, (rows, alphas, C), and what each row brought to its class.</summary>
    private void Score(int group, GroupRows rows, ReadOnlySpan<int> labels, int first, double[] means, double[] taken)
    {
        if (rows.Dense is not null)
        {
            _dense[group]!.MeanScores(rows.Dense, labels, first, means, taken);
            return;
        }
        taken.AsSpan(0, labels.Length).Fill(1);
        var scores = new double[labels.Length * _classes];
        for (var alpha = 0; alpha < _alphas; alpha++)
        {
            _blocks[group]!.MeanScores(alpha, rows.Blocks!, labels, first, scores);
            for (var m = 0; m < labels.Length; m++)
                scores.AsSpan(m * _classes, _classes).CopyTo(means.AsSpan((m * _alphas + alpha) * _classes));
        }
    }
}
