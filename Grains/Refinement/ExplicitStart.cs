using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>The explicit solution on compacted codes as the start of sweeps: its weights, and its rows' scores by leave-one-out.</summary>
internal sealed class ExplicitStart
{
    private readonly BlockLeaveOneOut _leaveOneOut;
    private readonly CodeCompaction _compaction;
    private readonly double _k;
    private readonly int _classes;
    private readonly double[] _logPrior;

    private ExplicitStart(SweepWork work, SweepTables tables, CountTable table)
    {
        var (start, totals) = (work.Start!, MergedTables.TotalsOf(work.Merged));
        (_compaction, _k, _classes, _logPrior) = (tables.Compaction, start.K, table.Classes, tables.LogPrior);
        _leaveOneOut = new BlockLeaveOneOut(_compaction.Layout, table, totals, [start.K], [start.Alpha], beta: 0);
        var solution = new ExplicitSolution(_compaction.Layout, totals, new SolveSettings(start.K, start.Alpha, Beta: 0));
        Weights = solution.AllDouble(table);
    }

    /// <summary>(Cells, C), row-major.</summary>
    public double[] Weights { get; }

    public static Task<ExplicitStart> GetAsync(SharedArtifacts shared, IArtifactStore store, SweepWork work, SweepTables tables, CancellationToken cancellationToken) =>
        shared.GetAsync(
            $"start {work.Merged.Name} {work.Compact} {work.Start!.K} {work.Start.Alpha}",
            async token => new ExplicitStart(work, tables, tables.Compaction.Compact(await MergedTables.LoadAsync(store, work.Merged, token))),
            cancellationToken);

    /// <summary>Writes the scores of some rows, each left out, into (C, all rows).</summary>
    public void WriteScores(BlockRows raw, int[] labels, int firstRow, double[] scores, int allRows)
    {
        var means = new double[labels.Length * _classes];
        var prior = new double[_classes];
        _leaveOneOut.MeanScores(0, _compaction.Encode(raw), labels, 0, means);
        for (var m = 0; m < labels.Length; m++)
        {
            _leaveOneOut.LogPrior(labels[m], prior);
            if (double.IsNegativeInfinity(prior[labels[m]])) // the only row of its class
                prior[labels[m]] = _logPrior[labels[m]];
            for (var c = 0; c < _classes; c++)
                scores[c * allRows + firstRow + m] = _k * means[m * _classes + c] + prior[c];
        }
    }
}
