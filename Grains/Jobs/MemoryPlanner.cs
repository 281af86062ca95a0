using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>What a silo holds for a job at most, item by item, as far as headers, labels and specification tell; buffers of files come on top.</summary>
public static class MemoryPlanner
{
    /// <param name="specification">The job.</param>
    /// <param name="encoder">Encoder of its rows.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="testRows">Test rows, where they are evaluated.</param>
    /// <param name="classes">Distinct labels.</param>
    /// <param name="options">The silo's slots and memory.</param>
    public static MemoryPlan PlanOf(JobSpecification specification, RowEncoder encoder, long rows, long testRows, int classes, ExplicitOptions options)
    {
        var layout = encoder.Layout;
        var slots = options.EffectiveSlots;
        var shardRows = Math.Min(rows, specification.Data.ShardRows);
        var chunkRows = (int)Math.Min(shardRows, ShardRows.ChunkRowsOf(encoder));
        var encoded = layout.Kind == EncodingKind.Blocks
            ? BlockRows.BytesFor(layout.Blocks, chunkRows)
            : (long)chunkRows * layout.Inputs * (encoder.HasByteValues ? 1 : sizeof(float));
        var countedRows = chunkRows;
        if (LevelRows.Suits(encoder) && specification.Grid is null)
        {
            countedRows = LevelCounter.RowsOf(encoder, shardRows, chunkRows);
            encoded = Math.Max(encoded, (long)countedRows * LevelRows.BytesPerRow(encoder));
        }
        var tile = TilePlan.TilesOf(layout, classes).Max(run => (long)run.Inputs);
        var seen = MostSeen(layout, rows);
        var sweeps = specification.Refine.Method == RefineMethod.Sweeps;
        var choice = specification.Grid is null && specification.Solve.HasChoice && !(sweeps && specification.Refine.Sweeps.Start == SweepStart.Prior);
        var refinement = new RefinementMemory(specification, encoder, rows, seen, classes);
        return new MemoryPlan(
            [
                new MemoryItem("rows being read and encoded", slots * ((long)chunkRows * encoder.Shape.BytesPerRow + encoded)),
                new MemoryItem("statistics being counted", slots * (MostSeen(layout, shardRows) * classes * sizeof(long) + (shardRows > countedRows ? StatisticsSum.MostHeldCells * (long)sizeof(int) : 0))),
                new MemoryItem("statistics being summed", slots * (tile * classes * sizeof(long) + Math.Min(StatisticsFile.HeldBytes, seen * classes * sizeof(long)))),
                new MemoryItem("merged statistics", choice || specification.Refine.Method != RefineMethod.None || specification.Compact > 1 ? seen * classes * sizeof(long) : 0),
                new MemoryItem("leave-one-out tables", choice ? seen * classes * specification.Solve.Alpha.Length * sizeof(double) + (long)layout.Inputs * sizeof(int) : 0),
                new MemoryItem("weights", (specification.Curve?.Shares.Length ?? 1) * 2 * seen * classes * sizeof(float) + (long)layout.Inputs * sizeof(int)),
                new MemoryItem("tables of all rows and without each fold", specification.Grid is { } grid ? FoldTables(layout, grid, seen, classes) : 0),
                .. specification.Refine.Method switch
                {
                    RefineMethod.Sweeps => refinement.Sweeps(),
                    RefineMethod.Averaging => refinement.Averaging(specification.Evaluate == EvaluateRows.None ? 0 : testRows),
                    _ => [],
                },
            ],
            options.EffectiveMemoryBytes);
    }

    /// <exception cref="JobException">The plan does not fit.</exception>
    public static void Check(MemoryPlan plan)
    {
        if (plan.TotalBytes <= plan.AvailableBytes)
            return;
        var largest = plan.Items.MaxBy(item => item.Bytes)!;
        throw new JobException(
            $"the memory plan needs up to {plan.TotalBytes:N0} bytes and the silo has {plan.AvailableBytes:N0}; the largest part is {largest.What}, {largest.Bytes:N0} bytes",
            "use smaller patches or fewer levels, fewer candidates for solve.alpha, a smaller data.shardRows, or raise Explicit:MaxMemoryBytes");
    }

    /// <summary>Blocks are scored from their counts; of dense maps, logarithms are kept for every alpha, in vectors of eight.</summary>
    private static long FoldTables(RowLayout layout, GridSpecification grid, long seen, int classes) => layout.Kind == EncodingKind.Blocks
        ? (grid.Folds + 1) * seen * classes * sizeof(int) + (long)layout.Inputs * sizeof(int)
        : grid.Groups.Length * (grid.Folds + 1L) * layout.Inputs * classes * sizeof(double) * (1 + (grid.Alpha.Length + 7) / 8 * 8);

    /// <summary>Most inputs that so many rows can have touched.</summary>
    private static long MostSeen(RowLayout layout, long rows) =>
        layout.Kind == EncodingKind.Blocks ? Math.Min(layout.Inputs, rows * layout.Blocks) : layout.Inputs;
}
