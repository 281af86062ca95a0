using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Bench;

/// <summary>What scaling sweeps begin with, by the bare library in one thread, for the features and settings of examples/fashion-sweeps.yaml.</summary>
internal sealed class SweepTask
{
    public const double Alpha = 2;
    public const double Damping = 0.5;
    public const int BlocksPerChunk = 40;

    private const int Classes = BenchData.Classes;
    private const int ChunkRows = 4096;

    /// <param name="data">The training rows.</param>
    /// <param name="done">Told of each step as it ends.</param>
    public SweepTask(BenchData data, Action<string> done)
    {
        var encoder = new RowEncoder(
            [
                new PatchMap(2, 2, [16, 80, 160], 1),
                new OrientationMap(new OrientationSettings(4, 2, 8, 4, 16, [(1, 2), (2, 1)], 2)),
                new OrientationMap(new OrientationSettings(5, 2, 4, 4, 16, [(2, 2)], 3)),
                new OrientationMap(new OrientationSettings(3, 1, 8, 4, 16, [(1, 2), (2, 1)], 3)),
            ],
            RowShape.Image(28, 28));
        Encode(encoder, data); // compiles it
        done("compiling");
        var chunks = Encode(encoder, data);
        done("features of 60,000 rows");
        using var sum = new StatisticsSum(encoder.Layout.Inputs, Classes);
        foreach (var (rows, labels) in chunks)
            sum.Add(rows, labels);
        var statistics = sum.Total();
        done("counts");
        Compaction = new CodeCompaction(encoder.Layout, statistics.Counts, 2);
        Counts = new SweepCounts(Compaction, statistics.Counts);
        Rows = new SweepRows(Compaction, BenchData.Rows);
        foreach (var (rows, labels) in chunks)
            Rows.Add(rows, labels);
        Prior = [.. statistics.ClassRows.Select(rows => SameBits.Log((double)rows / BenchData.Rows))];
        done("compaction");
    }

    public CodeCompaction Compaction { get; }

    public SweepCounts Counts { get; }

    public SweepRows Rows { get; }

    /// <summary>(C) log shares of the classes.</summary>
    public double[] Prior { get; }

    /// <summary>Blocks by chunk of a run's first sweep.</summary>
    /// <param name="run">From 1.</param>
    public int[][] ChunksOf(int run) => SweepPlan.ChunksOf(Compaction.Blocks, BlocksPerChunk, run, 1, seed: 1);

    private static List<(BlockRows Rows, int[] Labels)> Encode(RowEncoder encoder, BenchData data)
    {
        var chunks = new List<(BlockRows, int[])>();
        for (var first = 0; first < BenchData.Rows; first += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, BenchData.Rows - first);
            var raw = new RawRows(encoder.Shape, rows, data.Images.AsMemory(first * BenchData.Columns, rows * BenchData.Columns));
            chunks.Add((encoder.EncodeBlocks(raw), data.Labels[first..(first + rows)]));
        }
        return chunks;
    }
}
