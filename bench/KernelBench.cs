using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Bench;

/// <summary>The kernels on one core beside their bars; every fast kernel is checked against its plain twin before it is timed.</summary>
internal sealed class KernelBench(BenchData data)
{
    private const int ShardRows = 8192;
    private const int CheckedRows = 512;

    private readonly List<Figure> _figures = [];

    public static int Run(string[] args)
    {
        var at = Array.IndexOf(args, "--data");
        var data = BenchData.Load(at >= 0 && at + 1 < args.Length ? args[at + 1] : BenchData.DefaultFolder);
        OneCore();
        var bench = new KernelBench(data);
        bench.Dense();
        if (!args.Contains("--dense-only"))
        {
            bench.Blocks();
            bench.LargeBlocks();
            bench.Elementary();
            bench.Encoding();
        }
        bench.Print(args.Contains("--json"));
        return 0;
    }

    private static void OneCore()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            using var process = Process.GetCurrentProcess();
            process.ProcessorAffinity = 1 << (Environment.ProcessorCount - 1);
        }
    }

    private void Dense()
    {
        var bandwidth = Stopwatches.MemoryBandwidth();
        _figures.Add(new Figure("memory read bandwidth", bandwidth / 1e9, "GB/s", null));
        var rows = new DenseRows(BenchData.Rows, BenchData.Columns, isBytes: true, data.Images);
        var part = new DenseRows(CheckedRows, BenchData.Columns, isBytes: true, data.Images);
        Checks.Same(
            DenseStatistics.Accumulate(part, data.Labels.AsSpan(0, CheckedRows), BenchData.Classes),
            DenseStatistics.AccumulatePlain(part, data.Labels.AsSpan(0, CheckedRows), BenchData.Classes));
        var seconds = Stopwatches.MedianSeconds(() => DenseStatistics.Accumulate(rows, data.Labels, BenchData.Classes), evict: true);
        var rate = data.Images.Length / seconds;
        _figures.Add(new Figure("dense statistics", rate / 1e9, "GB/s", null));
        _figures.Add(new Figure("dense statistics, share of bandwidth", rate / bandwidth, "", 1.0 / 3));
        _figures.Add(new Figure("dense statistics, 60,000 rows", seconds * 1e3, "ms", null));

        var random = new Random(2);
        var layer = new DenseLayer(BenchData.Columns, BenchData.Classes, Noise(random, BenchData.Classes), Noise(random, BenchData.Columns * BenchData.Classes));
        var scores = new double[BenchData.Rows * BenchData.Classes];
        var plain = new double[CheckedRows * BenchData.Classes];
        layer.Score(rows, 0, CheckedRows, scores);
        layer.ScorePlain(rows, 0, CheckedRows, plain);
        Checks.Same(scores.AsSpan(0, plain.Length), plain);
        seconds = Stopwatches.MedianSeconds(() => layer.Score(rows, 0, BenchData.Rows, scores), evict: true);
        _figures.Add(new Figure("dense scores", BenchData.Rows / seconds / 1e3, "k rows/s", null));
    }

    private void Blocks()
    {
        var map = new PatchMap(2, 2, [32, 96, 160], 1);
        var encoder = new RowEncoder([map], RowShape.Image(28, 28));
        var shards = Shards(encoder);
        CountAndScore("729 blocks of 256 codes", encoder.Layout, shards, countBar: 450, scoreBar: 400);
        var random = new Random(4);
        foreach (var (rows, _) in shards)
        {
            for (var block = 0; block < encoder.Layout.Blocks; block++)
            {
                foreach (ref var code in rows.Block(block))
                    code = (ushort)random.Next(256);
            }
        }
        CountAndScore("the same, random codes", encoder.Layout, shards, countBar: 450, scoreBar: 400);
    }

    private void LargeBlocks()
    {
        var encoder = new RowEncoder([new PatchMap(3, 3, [32, 128], 2)], RowShape.Image(28, 28));
        CountAndScore("169 blocks of 19,683 codes", encoder.Layout, Shards(encoder), countBar: null, scoreBar: null);
    }

    private void CountAndScore(string name, RowLayout layout, List<(BlockRows Rows, int[] Labels)> shards, double? countBar, double? scoreBar)
    {
        var (first, labels) = shards[0];
        var statistics = BlockStatistics.Accumulate(first, labels, BenchData.Classes);
        Checks.Same(statistics, BlockStatistics.AccumulatePlain(first, labels, BenchData.Classes));
        var looks = (double)BenchData.Rows * layout.Blocks;
        var seconds = Stopwatches.MedianSeconds(
            () =>
            {
                foreach (var (rows, classes) in shards)
                    BlockStatistics.Accumulate(rows, classes, BenchData.Classes);
            },
            evict: true);
        _figures.Add(new Figure($"block statistics, {name}", looks / seconds / 1e6, "M counts/s", countBar));

        var seen = new HashSet<int>();
        foreach (var (rows, classes) in shards)
            seen.UnionWith(BlockStatistics.Accumulate(rows, classes, BenchData.Classes).Counts.Seen);
        var random = new Random(3);
        var rowOfInput = new int[layout.Inputs];
        var next = 1;
        for (var input = 0; input < layout.Inputs; input++)
            rowOfInput[input] = seen.Contains(input) ? next++ : 0;
        var layer = new BlockLayer(layout, BenchData.Classes, Noise(random, BenchData.Classes), rowOfInput, Noise(random, next * BenchData.Classes));
        var scores = new double[ShardRows * BenchData.Classes];
        var plain = new double[CheckedRows * BenchData.Classes];
        layer.Score(first, 0, CheckedRows, scores);
        layer.ScorePlain(first, 0, CheckedRows, plain);
        Checks.Same(scores.AsSpan(0, plain.Length), plain);
        seconds = Stopwatches.MedianSeconds(
            () =>
            {
                foreach (var (rows, _) in shards)
                    layer.Score(rows, 0, rows.Count, scores);
            },
            evict: true);
        _figures.Add(new Figure($"scores, {name}", looks / seconds / 1e6, "M look-ups/s", scoreBar));
    }

    private void Elementary()
    {
        const int Count = 1 << 12;
        var random = new Random(5);
        var x = new double[Count];
        var y = new double[Count];
        for (var i = 0; i < Count; i++)
            x[i] = random.NextDouble() * 40;
        Checks.Same(x, (from, to) => SameBits.Log(from, to), SameBits.Log);
        Checks.Same(x, (from, to) => SameBits.Exp(from, to), SameBits.Exp);
        var log = Stopwatches.MedianSeconds(() => Repeat(() => SameBits.Log(x, y)), evict: false);
        var exp = Stopwatches.MedianSeconds(() => Repeat(() => SameBits.Exp(x, y)), evict: false);
        _figures.Add(new Figure("Log", log / Count / Repeats * 1e9, "ns", null));
        _figures.Add(new Figure("Exp", exp / Count / Repeats * 1e9, "ns", null));
    }

    private const int Repeats = 64;

    private static void Repeat(Action run)
    {
        for (var i = 0; i < Repeats; i++)
            run();
    }

    private void Encoding()
    {
        Encode("3x3 patches, stride 2", new PatchMap(3, 3, [32, 128], 2), bar: 120);
        Encode("2x2 patches, stride 1", new PatchMap(2, 2, [32, 96, 160], 1), bar: null);
        Encode("orientations H", Orientations(4, 2, 8, 2, (1, 2), (2, 1)), bar: null);
        Encode("orientations I", Orientations(5, 2, 4, 3, (2, 2)), bar: null);
        Encode("orientations J", Orientations(3, 1, 8, 3, (1, 2), (2, 1)), bar: null);
        Encode("bins", new BinsMap([32, 128]), bar: null);
    }

    private static OrientationMap Orientations(int cell, int stride, int bins, int distance, params (int, int)[] shapes) =>
        new(new OrientationSettings(cell, stride, bins, Weak: 4, Strong: 16, shapes, distance));

    private void Encode(string name, BlockMap map, double? bar)
    {
        var shape = RowShape.Image(28, 28);
        var layout = new RowEncoder([map], shape).Layout;
        var shards = new List<(RawRows Raw, BlockRows Rows)>();
        for (var first = 0; first < BenchData.Rows; first += ShardRows)
        {
            var count = Math.Min(ShardRows, BenchData.Rows - first);
            shards.Add((new RawRows(shape, count, data.Images.AsMemory(first * BenchData.Columns, count * BenchData.Columns)), new BlockRows(layout, count)));
        }
        var seconds = Stopwatches.MedianSeconds(
            () =>
            {
                foreach (var (raw, rows) in shards)
                    map.Encode(raw, rows, 0);
            },
            evict: true);
        _figures.Add(new Figure($"encoding, {name}", BenchData.Rows / seconds / 1e3, "k rows/s", bar));
    }

    private List<(BlockRows Rows, int[] Labels)> Shards(RowEncoder encoder)
    {
        var shards = new List<(BlockRows, int[])>();
        for (var first = 0; first < BenchData.Rows; first += ShardRows)
        {
            var count = Math.Min(ShardRows, BenchData.Rows - first);
            var raw = new RawRows(encoder.Shape, count, data.Images.AsMemory(first * BenchData.Columns, count * BenchData.Columns));
            shards.Add((encoder.EncodeBlocks(raw), data.Labels.AsSpan(first, count).ToArray()));
        }
        return shards;
    }

    private static float[] Noise(Random random, int count)
    {
        var noise = new float[count];
        foreach (ref var value in noise.AsSpan())
            value = random.NextSingle() - 0.5f;
        return noise;
    }

    private void Print(bool json)
    {
        if (json)
        {
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(_figures));
            return;
        }
        Console.WriteLine($"{data.Name}, {BenchData.Rows:N0} rows, one core, {RuntimeInformation.FrameworkDescription}, 512-bit vectors: {Vector512.IsHardwareAccelerated}");
        foreach (var figure in _figures)
            Console.WriteLine(figure);
    }

    /// <summary>One line of the table; where there is a bar, more is better.</summary>
    private sealed record Figure(string Name, double Value, string Unit, double? Bar)
    {
        public override string ToString()
        {
            var bar = Bar is { } least ? $"   bar {least:0.##}: {(Value >= least ? "met" : "MISSED")}" : "";
            return $"{Name,-48} {Value,10:0.##} {Unit,-13}{bar}";
        }
    }
}
