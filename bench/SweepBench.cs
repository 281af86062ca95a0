using System.Diagnostics;
using System.Globalization;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Bench;

/// <summary>One run of a scaling sweep over Fashion-MNIST in one thread, the bare kernels: seconds of the features, of counting, and of the sweep.</summary>
internal static class SweepBench
{
    private const int Classes = BenchData.Classes;
    private const int ChunkRows = 4096;
    private const double Alpha = 2;
    private const double Damping = 0.5;
    private const int BlocksPerChunk = 40;

    public static int Run()
    {
        var data = BenchData.Load(BenchData.DefaultFolder);
        var shape = RowShape.Image(28, 28);
        var encoder = new RowEncoder(
            [
                new PatchMap(2, 2, [16, 80, 160], 1),
                new OrientationMap(new OrientationSettings(4, 2, 8, 4, 16, [(1, 2), (2, 1)], 2)),
                new OrientationMap(new OrientationSettings(5, 2, 4, 4, 16, [(2, 2)], 3)),
                new OrientationMap(new OrientationSettings(3, 1, 8, 4, 16, [(1, 2), (2, 1)], 3)),
            ],
            shape);
        Encode(encoder, data, BenchData.Rows); // compiles it
        var clock = Stopwatch.StartNew();
        var chunks = Encode(encoder, data, BenchData.Rows);
        Print("features of 60,000 rows", clock);
        var sum = new StatisticsSum(Classes);
        foreach (var (rows, labels) in chunks)
            sum.Add(BlockStatistics.Accumulate(rows, labels, Classes));
        var statistics = sum.Total(encoder.Layout.Inputs);
        Print("counts", clock);
        var compaction = new CodeCompaction(encoder.Layout, statistics.Counts, 2);
        var counts = new SweepCounts(compaction, statistics.Counts);
        var own = new SweepRows(compaction, BenchData.Rows);
        foreach (var (rows, labels) in chunks)
            own.Add(rows, labels);
        Print("compaction", clock);
        Console.WriteLine($"{compaction.Blocks} blocks, {compaction.Cells:N0} codes");
        var run = new SweepRun(own, new SweepWorkspace(Classes));
        run.SetScoresToPrior([.. statistics.ClassRows.Select(rows => SameBits.Log((double)rows / BenchData.Rows))]);
        var weights = new SweepWeights(counts);
        var (expect, direct, search, move) = (0.0, 0.0, 0.0, 0.0);
        var (eta, loss) = (0.0, 0L);
        var plan = SweepPlan.ChunksOf(compaction.Blocks, BlocksPerChunk, 1, 1, seed: 1);
        clock.Restart();
        foreach (var blocks in plan)
        {
            var chunk = new SweepChunk(compaction, blocks);
            var expected = new long[chunk.Cells * Classes];
            var start = Cpu();
            run.Expect(chunk, expected);
            var expectEnd = Cpu();
            run.Direct(chunk, counts, expected, Alpha);
            var directEnd = Cpu();
            var line = new LineSearch(BenchData.Rows, run.SumsAt(0));
            while (!line.IsDone)
                line.Take(run.SumsAt(line.Trial));
            var searchEnd = Cpu();
            weights.Move(chunk, expected, Alpha, Damping * line.Step);
            run.Move(Damping * line.Step);
            (expect, direct, search, move) = (
                expect + expectEnd - start, direct + directEnd - expectEnd, search + searchEnd - directEnd, move + Cpu() - searchEnd);
            eta += line.Step * blocks.Length / plan.Length;
        }
        loss = run.SumsAt(0).Loss;
        Print("sweep", clock);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  expected counts {expect:0.00} s, directions {direct:0.00} s, line search {search:0.00} s, moves {move:0.00} s; eta {eta:0.000000}, leave-one-out cross-entropy {loss / LineSums.Unit / BenchData.Rows:0.000000}"));
        return 0;
    }

    private static List<(BlockRows Rows, int[] Labels)> Encode(RowEncoder encoder, BenchData data, int count)
    {
        var chunks = new List<(BlockRows, int[])>();
        for (var first = 0; first < count; first += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, count - first);
            var raw = new RawRows(encoder.Shape, rows, data.Images.AsMemory(first * BenchData.Columns, rows * BenchData.Columns));
            chunks.Add((encoder.EncodeBlocks(raw), data.Labels[first..(first + rows)]));
        }
        return chunks;
    }

    private static double Cpu() => Environment.CpuUsage.UserTime.TotalSeconds;

    private static void Print(string what, Stopwatch clock)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} {clock.Elapsed.TotalSeconds:0.00} s"));
        clock.Restart();
    }
}
