using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// All settings of a grid in one pass over the training rows: every row under the counts of all rows but itself (leave-one-out), and under the counts of all
/// folds but its own (docs/math.md 4). K and the prior act on sums that are there, alphas share vectors, groups of maps share the maps' sums. Safe for
/// concurrent use.
/// </summary>
public sealed class FoldGrid
{
    private const int TileRows = 256;

    private readonly GridSettings _settings;
    private readonly FoldEvidence _evidence;
    private readonly FoldLosses _losses;
    private readonly BlockFoldScores? _blocks;
    private readonly DenseFoldScores? _dense;
    private readonly int _maps;

    /// <summary>Of rows in blocks; groups name maps of the layout.</summary>
    /// <exception cref="ArgumentException">An alpha of 0.</exception>
    public FoldGrid(BlockFoldTables tables, FoldEvidence evidence, GridSettings settings)
        : this(evidence, settings, [.. settings.Groups.Select(maps => (double)maps.Sum(map => tables.Layout.Maps[map].Blocks))])
    {
        (_blocks, _maps) = (new BlockFoldScores(tables, evidence, settings), tables.Layout.Maps.Count);
    }

    /// <summary>Of dense rows, whose maps are normalised together: one group, of all of them.</summary>
    /// <exception cref="ArgumentException">An alpha of 0, or other groups.</exception>
    public FoldGrid(DenseFoldTables tables, FoldEvidence evidence, GridSettings settings)
        : this(evidence, settings, [1])
    {
        if (settings.Groups is not [[0]])
            throw new ArgumentException("dense maps make one group together", nameof(settings));
        (_dense, _maps) = (new DenseFoldScores(tables, evidence, settings), 1);
    }

    private FoldGrid(FoldEvidence evidence, GridSettings settings, double[] divisors)
    {
        if (settings.Alphas.Any(alpha => !(alpha > 0)))
            throw new ArgumentException("a count of 1 that is left out leaves log 0 with alpha 0", nameof(settings));
        (_settings, _evidence) = (settings, evidence);
        _losses = new FoldLosses(settings, evidence, divisors);
    }

    /// <summary>The sums of these rows.</summary>
    /// <param name="rows">Training rows, each of them in the counts.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="folds">Their folds.</param>
    /// <param name="cancellationToken">Checked every few hundred rows.</param>
    public GridSums Score(BlockRows rows, int[] labels, int[] folds, CancellationToken cancellationToken) =>
        Score(labels, folds, (group, first, count, sums) => _blocks!.Write(group, rows, first, labels.AsSpan(first, count), folds.AsSpan(first, count), sums), cancellationToken);

    /// <inheritdoc cref="Score(BlockRows, int[], int[], CancellationToken)"/>
    public GridSums Score(DenseRows rows, int[] labels, int[] folds, CancellationToken cancellationToken) =>
        Score(labels, folds, (group, first, count, sums) => _dense!.Write(group, rows, first, labels.AsSpan(first, count), folds.AsSpan(first, count), sums), cancellationToken);

    private GridSums Score(int[] labels, int[] folds, Action<int, int, int, TileSums> write, CancellationToken cancellationToken)
    {
        var result = new GridSums(_settings.Count, _settings.Priors.Count, _evidence.Folds);
        var sums = new TileSums(_maps, Math.Min(TileRows, labels.Length), _evidence.Classes);
        for (var first = 0; first < labels.Length; first += TileRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(TileRows, labels.Length - first);
            for (var group = 0; group < _settings.AlphaGroups; group++)
            {
                write(group, first, count, sums);
                _losses.Add(group, labels.AsSpan(first, count), folds.AsSpan(first, count), sums, result);
            }
        }
        return result;
    }
}
