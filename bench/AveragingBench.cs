using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Bench;

/// <summary>
/// Averaged SGD with its workers one after the other in this process: what accuracy settings and numbers of workers give. Lists separated by commas are
/// run in all combinations. With --held-out every tenth training row is measured in place of the test rows: for choosing settings.
/// </summary>
internal static class AveragingBench
{
    public static int Run(string[] args)
    {
        var train = BenchData.Load(BenchData.DefaultFolder);
        var test = args.Contains("--held-out") ? Every(train, row => row % 10 == 9) : BenchData.LoadTest(BenchData.DefaultFolder);
        if (args.Contains("--held-out"))
            train = Every(train, row => row % 10 != 9);
        foreach (var features in Values(args, "--features", "complement"))
        {
            var task = TaskOf(features, train, test);
            Console.WriteLine($"{features}: {train.Labels.Length:N0} rows, {task.Weights.Length / BenchData.Classes:N0} rows of weights; {test.Name}");
            var start = task.Evaluate(task.Bias, task.Weights);
            Console.WriteLine($"start                       accuracy {start.Accuracy:0.0000}  cross-entropy {start.CrossEntropy:0.0000}");
            foreach (var settings in Combinations(args, SgdSettings.DefaultsOf(task.Layout.Kind)))
                Refine(task, settings, args.Contains("--zero"), args.Contains("--all-rounds"));
        }
        return 0;
    }

    /// <summary>Parameters after the last round; <paramref name="each"/> sees every round's and may end it.</summary>
    public static (float[] Bias, float[] Weights) Refine(AveragingTask task, SgdSettings settings, bool zero, Func<AveragingRound, bool> each)
    {
        var workers = Array.ConvertAll(task.Deal(settings.Workers), rows => LocalSteps.Of(rows, settings));
        var (bias, weights) = zero ? (new float[task.Bias.Length], new float[task.Weights.Length]) : ((float[])task.Bias.Clone(), (float[])task.Weights.Clone());
        var rows = Array.ConvertAll(workers, worker => (long)worker.Rows.Count);
        var parts = Array.ConvertAll(workers, _ => (Bias: new float[bias.Length], Weights: new float[weights.Length]));
        for (var round = 0; round < settings.Rounds; round++)
        {
            var loss = new SgdLoss(0, 0, Diverged: false);
            var seconds = 0.0;
            for (var worker = 0; worker < workers.Length; worker++)
            {
                workers[worker].SetBias(bias);
                workers[worker].SetWeights(0, weights);
                var start = Environment.CpuUsage.TotalTime;
                loss = loss.Plus(workers[worker].Run(worker, round));
                seconds += (Environment.CpuUsage.TotalTime - start).TotalSeconds;
                workers[worker].GetBias(parts[worker].Bias);
                workers[worker].GetWeights(0, parts[worker].Weights);
            }
            Averaging.Average(Array.ConvertAll(parts, part => (ReadOnlyMemory<float>)part.Bias), rows, bias);
            Averaging.Average(Array.ConvertAll(parts, part => (ReadOnlyMemory<float>)part.Weights), rows, weights);
            if (!each(new AveragingRound(round, bias, weights, loss, seconds)))
                break;
        }
        return (bias, weights);
    }

    private static void Refine(AveragingTask task, SgdSettings settings, bool zero, bool allRounds)
    {
        var seconds = new List<double>();
        Refine(task, settings, zero, round =>
        {
            seconds.Add(round.Seconds);
            if (!allRounds && seconds.Count < settings.Rounds && !round.Loss.Diverged)
                return true;
            var name = $"{settings.Optimizer} rate {settings.LearningRate} mom {settings.Momentum} l2 {settings.L2} batch {settings.Batch} {settings.Schedule} W {settings.Workers} round {seconds.Count}";
            if (round.Loss.Diverged)
            {
                Console.WriteLine($"{name}  diverged");
                return false;
            }
            var result = task.Evaluate(round.Bias, round.Weights);
            Console.WriteLine($"{name}  train {round.Loss.CrossEntropy:0.0000}  accuracy {result.Accuracy:0.0000}  cross-entropy {result.CrossEntropy:0.0000}  {seconds.Min():0.00} processor s a round");
            return true;
        });
    }

    private static AveragingTask TaskOf(string features, BenchData train, BenchData test) => features switch
    {
        "pixels" => new AveragingTask([new PixelMap()], new SolveSettings(12, .001, 0), train, test),
        "complement" => new AveragingTask([new ComplementMap()], new SolveSettings(24, .001, 0), train, test),
        "patches" => new AveragingTask([new PatchMap(2, 2, [16, 80, 160], 1)], new SolveSettings(6, .01, 0), train, test),
        "orientations" => new AveragingTask(
            [
                new PatchMap(2, 2, [16, 80, 160], 1),
                Orientations(4, 2, 8, 2, [(1, 2), (2, 1)]),
                Orientations(5, 2, 4, 3, [(2, 2)]),
                Orientations(3, 1, 8, 3, [(1, 2), (2, 1)]),
            ],
            new SolveSettings(4, .01, 0),
            train,
            test,
            compact: true),
        _ => throw new ArgumentException($"features are pixels, complement, patches or orientations, not '{features}'", nameof(features)),
    };

    private static OrientationMap Orientations(int cell, int stride, int bins, int distance, (int Height, int Width)[] shapes) =>
        new(new OrientationSettings(cell, stride, bins, Weak: 4, Strong: 16, shapes, distance));

    private static IEnumerable<SgdSettings> Combinations(string[] args, SgdSettings defaults) =>
        from optimizer in Values(args, "--optimizer", defaults.Optimizer.ToString())
        from schedule in Values(args, "--schedule", defaults.Schedule.ToString())
        from momentum in Values(args, "--momentum", $"{defaults.Momentum}")
        from batch in Values(args, "--batch", $"{defaults.Batch}")
        from l2 in Values(args, "--l2", $"{defaults.L2}")
        from rounds in Values(args, "--rounds", $"{defaults.Rounds}")
        from epochs in Values(args, "--local-epochs", $"{defaults.LocalEpochs}")
        from rate in Values(args, "--rate", $"{defaults.LearningRate}")
        from workers in Values(args, "--workers", $"{defaults.Workers}")
        select defaults with
        {
            Optimizer = Enum.Parse<SgdOptimizer>(optimizer, ignoreCase: true),
            Schedule = Enum.Parse<SgdSchedule>(schedule, ignoreCase: true),
            Momentum = double.Parse(momentum),
            Batch = int.Parse(batch),
            L2 = double.Parse(l2),
            Rounds = int.Parse(rounds),
            LocalEpochs = int.Parse(epochs),
            LearningRate = double.Parse(rate),
            Workers = int.Parse(workers),
        };

    private static string[] Values(string[] args, string name, string standard)
    {
        var at = Array.IndexOf(args, name);
        return (at >= 0 && at + 1 < args.Length ? args[at + 1] : standard).Split(',');
    }

    private static BenchData Every(BenchData data, Func<int, bool> taken)
    {
        var rows = Enumerable.Range(0, data.Labels.Length).Where(taken).ToArray();
        var images = new byte[rows.Length * BenchData.Columns];
        for (var i = 0; i < rows.Length; i++)
            data.Images.AsSpan(rows[i] * BenchData.Columns, BenchData.Columns).CopyTo(images.AsSpan(i * BenchData.Columns));
        return new BenchData($"{data.Name}, some rows", images, Array.ConvertAll(rows, row => data.Labels[row]));
    }
}
