using System.Collections.Immutable;
using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Bench;

/// <summary>
/// One job by the bare library on one core, by a silo on one core and by two silos on a core each, in turns: how much a second silo helps, and what grains, store
/// and messages cost. Silos are real processes over a folder store; sources are checked and hashed beforehand, statistics are counted anew in every run.
/// </summary>
internal sealed class ClusterBench(ClusterBenchOptions options)
{
    private const double LeastRatio = 1.75;
    private const double MostOverhead = 5;
    private const int WarmUps = 3;

    private readonly List<ClusterRun> _bare = [];
    private readonly List<ClusterRun> _pair = [];
    private readonly List<ClusterRun> _one = [];
    private readonly List<ClusterRun> _two = [];

    public static async Task<int> RunAsync(string[] args)
    {
        if (ClusterBenchOptions.Parse(args) is not { } options)
            return 2;
        try
        {
            return await new ClusterBench(options).RunAsync() ? 0 : 1;
        }
        catch (InvalidOperationException failed)
        {
            Console.Error.WriteLine(failed.Message);
            return 1;
        }
    }

    /// <summary>Tells whether all runs gave the same bits.</summary>
    private async Task<bool> RunAsync()
    {
        using var folder = new TemporaryFolder();
        var data = BenchData.Load(BenchData.DefaultFolder);
        var images = folder["images"];
        var store = folder["store"];
        using var sources = new RotatedImages(data, images, options.Sources, options.Copies);
        await using var redis = await RedisServer.StartAsync();
        await using var bare = BareProcess.Start(0, images, store, options);
        await using var beside = BareProcess.Start(1, images, store, options);
        await using var one = await PinnedSilos.StartAsync(1, redis, store, images);
        await using var two = await PinnedSilos.StartAsync(2, redis, store, images);
        // Silos live long, and the optimiser is through with their code after some work, not after a little.
        for (var round = 0; round < WarmUps; round++)
            await RoundAsync(sources.Sources, keep: false);
        for (var round = 0; round < options.Rounds; round++)
            await RoundAsync(sources.Sources, keep: true);
        return Print(data);

        async Task RoundAsync(ImmutableArray<SourceSpecification> part, bool keep)
        {
            var specification = ClusterJob.Of(part, options);
            Keep(_bare, "bare library", await bare.RunAsync(part.Length), keep);
            var both = await Task.WhenAll(bare.RunAsync(part.Length), beside.RunAsync(part.Length));
            Keep(_pair, "two bare libraries at once", both.MaxBy(run => run.Seconds)!, keep);
            Keep(_one, "one silo", await one.RunAsync(specification), keep);
            Forget(store);
            Keep(_two, "two silos", await two.RunAsync(specification), keep);
            Forget(store);
        }
    }

    /// <summary>What the next run must not find: statistics. Manifests of the sources stay.</summary>
    private static void Forget(string store) => Directory.Delete(Path.Combine(store, "statistics"), recursive: true);

    private static void Keep(List<ClusterRun> runs, string who, ClusterRun run, bool keep)
    {
        var stages = run.Stages is { } seconds ? $"   read {seconds.Read:F2} statistics {seconds.Statistics:F2} reduce {seconds.Reduce:F2} solve {seconds.Solve:F2}" : "";
        Console.Error.WriteLine($"{(keep ? "" : "(warm-up) ")}{who}: {run.Seconds:F2} s, processors {run.ProcessorSeconds:F2} s{stages}");
        if (keep)
            runs.Add(run);
    }

    private bool Print(BenchData data)
    {
        var rows = (double)BenchData.Rows * options.Sources * options.Copies;
        Console.WriteLine($"{data.Name}, {rows:N0} rows in {options.Sources} sources, {options.Map}, shards of {options.ShardRows:N0} rows, folder store, median of {options.Rounds}");
        Line("bare library, one core", _bare);
        Line("two of it at once", _pair);
        Line("one silo, one core", _one);
        Line("two silos, a core each", _two);
        var ratio = Median(_one, run => run.Seconds) / Median(_two, run => run.Seconds);
        var ceiling = 2 * Median(_bare, run => run.Seconds) / Median(_pair, run => run.Seconds);
        var overhead = 100 * (Median(_one, run => run.Seconds) / Median(_bare, run => run.Seconds) - 1);
        var processors = 100 * (Median(_one, run => run.ProcessorSeconds) / Median(_bare, run => run.ProcessorSeconds) - 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"two silos against one: {ratio:F2} times the rows a second   bar {LeastRatio}: {(ratio >= LeastRatio ? "met" : "MISSED")}; two bare libraries that share nothing do {ceiling:F2} times the rows of one"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one silo against the bare library: {overhead:+0.0;-0.0} % wall, {processors:+0.0;-0.0} % processor time   bar {MostOverhead} % wall: {(overhead < MostOverhead ? "met" : "MISSED")}"));
        var same = _bare.Concat(_one).Concat(_two).Select(run => run.StatisticsSha256).Distinct().Count() == 1
            && _one.Concat(_two).Select(run => run.WeightsSha256).Distinct().Count() == 1;
        Console.WriteLine(same ? $"the same bits in every run: statistics {_one[0].StatisticsSha256}, weights {_one[0].WeightsSha256}" : "the runs DIFFER in their statistics or weights");
        return same;

        void Line(string who, List<ClusterRun> runs)
        {
            var seconds = Median(runs, run => run.Seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{who,-24} {seconds,7:F2} s   {rows / seconds / 1e3,7:F1} k rows/s   processors {Median(runs, run => run.ProcessorSeconds),6:F2} s   ({string.Join(' ', runs.Select(run => run.Seconds.ToString("F2", CultureInfo.InvariantCulture)))})"));
        }
    }

    private static double Median(List<ClusterRun> runs, Func<ClusterRun, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
