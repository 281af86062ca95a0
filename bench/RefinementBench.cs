using System.Diagnostics;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Solution;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace ExplicitCluster.Bench;

/// <summary>
/// SGD on 60,000 x 784 pixels on one core beside PyTorch (an epoch, batch 128) and beside ML.NET (time to a test cross-entropy). With --epoch-only
/// it prints the seconds of our epoch and nothing else, which is how compare-pytorch.sh calls it.
/// </summary>
internal static class RefinementBench
{
    private const int Epochs = 20;
    private const int CheckedRows = 1000;
    private const int Iterations = 50;
    private const double Target = 0.456;
    private const int TargetRounds = 4;
    private const double TargetRate = 0.05;
    private const double LeastTimesMlNet = 10;

    /// <summary>What PyTorch is given too.</summary>
    private static readonly SgdSettings Compared = new() { Workers = 1, Rounds = Epochs, Optimizer = SgdOptimizer.Sgd, LearningRate = 1, Batch = 128 };

    public static int Run(string[] args)
    {
        Stopwatches.OneCore();
        var train = BenchData.Load(BenchData.DefaultFolder);
        Check(train);
        var epoch = EpochSeconds(train);
        if (args.Contains("--epoch-only"))
        {
            Console.WriteLine(epoch);
            return 0;
        }
        using var python = Process.Start("sh", [Path.Combine(Folder(), "compare-pytorch.sh"), BenchData.DefaultFolder, $"{epoch}"]);
        python.WaitForExit();
        return Math.Max(python.ExitCode, MlNet(train, BenchData.LoadTest(BenchData.DefaultFolder)));
    }

    private static void Check(BenchData data)
    {
        var settings = Compared with { Rounds = 1 };
        var rows = RowsOf(data, CheckedRows);
        var (fast, plain) = (LocalSteps.Of(rows, settings), LocalSteps.OfPlain(rows, settings));
        var (fastWeights, plainWeights) = (new float[rows.WeightRows * rows.Classes], new float[rows.WeightRows * rows.Classes]);
        var same = fast.Run(0, 0) == plain.Run(0, 0);
        fast.GetWeights(0, fastWeights);
        plain.GetWeights(0, plainWeights);
        if (!same || !fastWeights.AsSpan().SequenceEqual(plainWeights))
            throw new InvalidOperationException("an epoch's bits differ from its plain twin's");
    }

    /// <summary>The least of several, as for PyTorch: what else runs on the machine only adds.</summary>
    private static double EpochSeconds(BenchData data)
    {
        var steps = LocalSteps.Of(RowsOf(data, data.Labels.Length), Compared);
        var least = double.PositiveInfinity;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var start = Stopwatch.GetTimestamp();
            steps.Run(0, epoch);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return least;
    }

    private static SgdDenseRows RowsOf(BenchData data, int count)
    {
        var rows = new SgdDenseRows(BenchData.Columns, isBytes: true, BenchData.Classes);
        rows.Append(new DenseRows(data.Labels.Length, BenchData.Columns, isBytes: true, data.Images), 0, data.Labels.AsSpan(0, count));
        return rows;
    }

    private static int MlNet(BenchData train, BenchData test)
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(MlNetRow.Of(train));
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            MaximumNumberOfIterations = Iterations,
            OptimizationTolerance = 1e-12f,
            NumberOfThreads = 1,
        });
        var start = Stopwatch.GetTimestamp();
        var model = trainer.Fit(rows);
        var theirs = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var loss = ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(MlNetRow.Of(test)))).LogLoss;
        Console.WriteLine($"ML.NET, LbfgsMaximumEntropy, {Iterations} iterations   {theirs:0.00} s   test cross-entropy {loss:0.0000}");

        var ours = SecondsTo(Target, train, test);
        var ratio = theirs / ours;
        Console.WriteLine($"ML.NET over ours: {ratio:0.0}   bar {LeastTimesMlNet}: {(ratio >= LeastTimesMlNet ? "met" : "MISSED")}");
        return ratio >= LeastTimesMlNet ? 0 : 1;
    }

    /// <summary>Seconds from the bytes in memory, statistics and explicit solution included, without the measuring of the test rows.</summary>
    private static double SecondsTo(double target, BenchData train, BenchData test)
    {
        var start = Stopwatch.GetTimestamp();
        var task = new AveragingTask([new ComplementMap()], new SolveSettings(24, .001, 0), train, test);
        var measuring = TimeSpan.Zero;
        var (reached, loss, rounds) = (0.0, double.NaN, 0);
        AveragingBench.Refine(task, SgdSettings.DefaultsOf(EncodingKind.Dense) with { Workers = 1, Rounds = TargetRounds, LearningRate = TargetRate }, zero: false, round =>
        {
            var before = Stopwatch.GetTimestamp();
            reached = (Stopwatch.GetElapsedTime(start, before) - measuring).TotalSeconds;
            (loss, rounds) = (task.Evaluate(round.Bias, round.Weights).CrossEntropy, round.Round + 1);
            measuring += Stopwatch.GetElapsedTime(before);
            return loss > target;
        });
        Console.WriteLine($"ours, explicit solution and {rounds} epochs on one core   {reached:0.00} s   test cross-entropy {loss:0.0000}");
        return loss <= target ? reached : double.PositiveInfinity;
    }

    /// <summary>The scripts stand beside this project.</summary>
    private static string Folder()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "compare-pytorch.sh")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new FileNotFoundException("compare-pytorch.sh is in no folder above the program; run it from a clone");
    }
}
