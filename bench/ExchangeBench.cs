using System.Diagnostics;
using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Bench;

/// <summary>
/// What grains add to a refinement of 60,000 rows: rounds of averaging and a sweep of four runs in lockstep, by four workers in one silo of two cores and two slots,
/// beside the kernels that they call, run by two threads without grains, messages and barriers.
/// </summary>
internal static class ExchangeBench
{
    private const double MostShare = 5;
    private const int Runs = 4;
    private const int Times = 5;
    private const int Threads = 2;

    public static async Task<int> RunAsync()
    {
        var data = BenchData.Load(BenchData.DefaultFolder);
        using var folder = new TemporaryFolder();
        using var sources = new RotatedImages(data, folder["images"], 1);
        await using var redis = await RedisServer.StartAsync();
        await using var silo = await PinnedSilos.StartAsync(["0-1"], Threads, redis, folder["store"], folder["images"]);
        var specification = new JobSpecification
        {
            Name = "bench",
            Data = new DataSpecification { Train = sources.Sources },
            Features = [new FeatureMapSpecification { Map = FeatureMapKind.Complement }],
            Solve = new SolveSpecification { K = [24], Alpha = [.001] },
            Refine = new RefineSpecification { Method = RefineMethod.Averaging },
            Evaluate = EvaluateRows.None,
        };
        var rounds = new List<(double Kernels, double Silo)>();
        var sweeps = new List<(double Kernels, double Silo)>();
        var averaging = new AveragingTask([new ComplementMap()], new SolveSettings(24, .001, 0), data, data);
        var sweep = new SweepTask(data, _ => { });
        for (var time = 0; time <= Times; time++)
        {
            var averaged = (await silo.SolveAsync(specification)).Result;
            var swept = (await silo.SolveAsync(Sweeping(specification))).Result;
            if (time == 0)
                continue; // compiled the code
            rounds.Add((RoundOf(averaging), averaged.Refinement.Skip(1).Average(round => round.StepSeconds!.Value)));
            sweeps.Add((SweepOf(sweep), swept.Refinement[0].Seconds));
        }
        Print("a round of averaging, complement, 4 workers", 1, rounds);
        Print($"a chunk of a sweep, {Runs} runs in lockstep, 4 workers", sweep.ChunksOf(1).Length, sweeps);
        return 0;
    }

    private static JobSpecification Sweeping(JobSpecification averaging) => averaging with
    {
        Features = BenchFeatures.Orientations,
        Compact = 2,
        Refine = new RefineSpecification { Method = RefineMethod.Sweeps },
    };

    /// <summary>Seconds of the steps of a round, half of the workers a thread; mean of the rounds but the first.</summary>
    private static double RoundOf(AveragingTask task)
    {
        var settings = SgdSettings.DefaultsOf(task.Layout.Kind);
        var workers = Array.ConvertAll(task.Deal(settings.Workers), rows => LocalSteps.Of(rows, settings));
        foreach (var worker in workers)
        {
            worker.SetBias(task.Bias);
            worker.SetWeights(0, task.Weights);
        }
        var seconds = new List<double>();
        for (var round = 0; round < settings.Rounds; round++)
        {
            seconds.Add(Together(thread =>
            {
                for (var worker = thread; worker < workers.Length; worker += Threads)
                    workers[worker].Run(worker, round);
            }));
        }
        return seconds.Skip(1).Average();
    }

    /// <summary>Seconds of a sweep of all runs, half of them a thread.</summary>
    private static double SweepOf(SweepTask task) => Together(thread =>
    {
        var workspace = new SweepWorkspace(BenchData.Classes);
        for (var number = 1 + thread; number <= Runs; number += Threads)
        {
            var run = new SweepRun(task.Rows, workspace);
            run.SetScoresToPrior(task.Prior);
            var weights = new SweepWeights(task.Counts);
            foreach (var blocks in task.ChunksOf(number))
            {
                var chunk = new SweepChunk(task.Compaction, blocks);
                var expected = new long[chunk.Cells * BenchData.Classes];
                run.Expect(chunk, expected);
                run.Direct(chunk, task.Counts, expected, SweepTask.Alpha);
                var line = new LineSearch(BenchData.Rows, run.SumsAt(0));
                while (!line.IsDone)
                    line.Take(run.SumsAt(line.Trial));
                weights.Move(chunk, expected, SweepTask.Alpha, SweepTask.Damping * line.Step);
                run.Move(SweepTask.Damping * line.Step);
            }
        }
    });

    /// <summary>Seconds until all threads are done.</summary>
    private static double Together(Action<int> work)
    {
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() => work(thread))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The bar is a share of a round or chunk that works for a second; those of 60,000 rows are over sooner.</summary>
    private static void Print(string what, int parts, List<(double Kernels, double Silo)> times)
    {
        var (kernels, silo) = (Median(times.Select(time => time.Kernels / parts)), Median(times.Select(time => time.Silo / parts)));
        var share = 100 * (silo - kernels);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: kernels {kernels:0.000} s, silo {silo:0.000} s: exchange {silo - kernels:0.000} s, {share:0.0} % of work of 1 s   bar {MostShare} %: {(share < MostShare ? "met" : "MISSED")}; {100 * (silo / kernels - 1):+0;-0} % here   ({string.Join(' ', times.Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.Kernels / parts:0.000}/{time.Silo / parts:0.000}")))})"));
    }

    private static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
