using System.Diagnostics;
using System.Globalization;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Bench;

/// <summary>One run of a scaling sweep over Fashion-MNIST in one thread, the bare kernels: seconds of the features, of counting, and of the sweep.</summary>
internal static class SweepBench
{
    private const int Classes = BenchData.Classes;

    public static int Run()
    {
        var clock = Stopwatch.StartNew();
        var task = new SweepTask(BenchData.Load(BenchData.DefaultFolder), what => Print(what, clock));
        Console.WriteLine($"{task.Compaction.Blocks} blocks, {task.Compaction.Cells:N0} codes");
        var run = new SweepRun(task.Rows, new SweepWorkspace(Classes));
        run.SetScoresToPrior(task.Prior);
        var weights = new SweepWeights(task.Counts);
        var (expect, direct, search, move) = (0.0, 0.0, 0.0, 0.0);
        var (eta, loss) = (0.0, 0L);
        var plan = task.ChunksOf(1);
        clock.Restart();
        foreach (var blocks in plan)
        {
            var chunk = new SweepChunk(task.Compaction, blocks);
            var expected = new long[chunk.Cells * Classes];
            var start = Cpu();
            run.Expect(chunk, expected);
            var expectEnd = Cpu();
            run.Direct(chunk, task.Counts, expected, SweepTask.Alpha);
            var directEnd = Cpu();
            var line = new LineSearch(BenchData.Rows, run.SumsAt(0));
            while (!line.IsDone)
                line.Take(run.SumsAt(line.Trial));
            var searchEnd = Cpu();
            weights.Move(chunk, expected, SweepTask.Alpha, SweepTask.Damping * line.Step);
            run.Move(SweepTask.Damping * line.Step);
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

    private static double Cpu() => Environment.CpuUsage.UserTime.TotalSeconds;

    private static void Print(string what, Stopwatch clock)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} {clock.Elapsed.TotalSeconds:0.00} s"));
        clock.Restart();
    }
}
