using System.Text.Json;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Numerics.Tests.Refinement;

namespace ExplicitCluster.Numerics.Tests.Golden;

/// <summary>The verified cases of scaling sweeps, on the path that the product takes, for one worker and for several.</summary>
public class SweepGoldenTests
{
    private const double Tolerance = 1e-9;

    private static readonly JsonElement[] Cases = Load();

    public static TheoryData<string> SearchNames => NamesOf("newton");

    public static TheoryData<string> SweepNames => NamesOf("sweeps");

    [Fact]
    public void Compaction_gives_the_golden_codes_and_drops_the_golden_blocks()
    {
        var golden = Named("compact");
        var raw = Jagged<int>(golden.GetProperty("raw"));
        var fit = golden.GetProperty("n").GetInt32();
        var rows = RowsOf(raw);
        var table = BlockStatistics.Accumulate(RandomRows.Pick(rows, [.. Enumerable.Range(0, fit)]), new int[fit], 1).Counts;
        var compaction = new CodeCompaction(rows.Layout, table, 2);
        var all = new SweepRows(compaction, rows.Count);
        all.Add(rows, new int[rows.Count]);
        var codes = Enumerable.Range(0, compaction.Blocks).Select(block => Enumerable.Range(0, all.Count).Select(row => all.CodeOf(block, row)).ToArray()).ToArray();
        Assert.Equal(Jagged<int>(golden.GetProperty("codes")), codes);
    }

    [Theory, MemberData(nameof(SearchNames))]
    public void The_line_search_gives_the_golden_step(string name)
    {
        var golden = Named(name);
        var labels = golden.GetProperty("y").Deserialize<int[]>()!;
        var (s, v) = (Jagged<double>(golden.GetProperty("s")), Jagged<double>(golden.GetProperty("v")));
        double[] scores = [.. s.SelectMany(row => row)];
        double[] direction = [.. v.SelectMany(row => row)];
        var classes = s[0].Length;
        var atZero = SweepRun.SumsPlain(scores, direction, labels, classes, 0);
        Assert.Equal(golden.GetProperty("sums").Deserialize<long[]>(), new long[] { atZero.Loss, atZero.Gradient, atZero.Curvature });
        var search = new LineSearch(labels.Length, atZero);
        while (!search.IsDone)
            search.Take(SweepRun.SumsPlain(scores, direction, labels, classes, search.Trial));
        Assert.Equal(golden.GetProperty("eta").GetDouble(), search.Step, Tolerance);
    }

    [Theory, MemberData(nameof(SweepNames))]
    public void Sweeps_give_the_golden_orders_steps_scores_and_weights(string name)
    {
        foreach (var workers in (int[])[1, 3])
            Check(Named(name), workers);
    }

    private static void Check(JsonElement golden, int workers)
    {
        var labels = golden.GetProperty("y").Deserialize<int[]>()!;
        var raw = Jagged<int>(golden.GetProperty("codes"));
        var classes = golden.GetProperty("C").GetInt32();
        var size = golden.GetProperty("size").GetInt32();
        var sweeps = new SweepsInProcess(
            RowsOf(raw), labels, classes, workers, 1, (golden.GetProperty("a").GetDouble(), golden.GetProperty("damp").GetDouble(), size));
        var prior = Enumerable.Range(0, classes).Select(c => SameBits.Log((double)labels.Count(label => label == c) / labels.Length)).ToArray();
        var sum = new double[sweeps.Counts.Compaction.Cells * classes];
        SweepWeights? weights = null;
        var trace = 0;
        foreach (var runSweep in Jagged<int>(golden.GetProperty("run_sweep")))
        {
            if (runSweep[1] == 1)
            {
                Add(sum, weights);
                weights = sweeps.Start(prior);
            }
            Assert.Equal(golden.GetProperty("orders")[trace].Deserialize<int[]>()!, SweepPlan.OrderOf(raw.Length, (ulong)(1000 * runSweep[0] + runSweep[1])));
            var mean = sweeps.Sweep(weights!, SweepPlan.ChunksOf(raw.Length, size, runSweep[0], runSweep[1], seed: 1));
            Assert.Equal(golden.GetProperty("mean_eta")[trace].GetDouble(), mean, Tolerance);
            AssertClose(golden.GetProperty("etas")[trace].Deserialize<double[]>()!, sweeps.Steps);
            AssertClose([.. Jagged<double>(golden.GetProperty("s")[trace]).SelectMany(row => row)], sweeps.Scores());
            trace++;
        }
        Add(sum, weights);
        var runs = golden.GetProperty("runs").GetInt32();
        for (var block = 0; block < raw.Length; block++)
        {
            var expected = Jagged<double>(golden.GetProperty("mean_W")[block]);
            var codes = sweeps.Compaction.CodesOf(block);
            for (var code = 0; code < expected.Length; code++)
            {
                if (codes[code] == 0)
                    continue; // never seen: its weights are zero in the case, and stay so here
                var at = (sweeps.Compaction.Starts[block] + codes[code]) * classes;
                AssertClose(expected[code], sum[at..(at + classes)].Select(weight => weight / runs).ToArray());
            }
        }
    }

    private static void Add(double[] sum, SweepWeights? weights)
    {
        for (var i = 0; i < sum.Length && weights is not null; i++)
            sum[i] += weights.Values[i];
    }

    private static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], Tolerance * Math.Max(1, Math.Abs(expected[i])));
    }

    private static BlockRows RowsOf(int[][] codes)
    {
        var rows = new BlockRows(RowLayout.OfBlocks([("test", codes.Length, codes.Max(block => block.Max()) + 1)]), codes[0].Length);
        for (var block = 0; block < codes.Length; block++)
        {
            for (var row = 0; row < codes[block].Length; row++)
                rows.Block(block)[row] = (ushort)codes[block][row];
        }
        return rows;
    }

    private static T[][] Jagged<T>(JsonElement json) => json.Deserialize<T[][]>()!;

    private static TheoryData<string> NamesOf(string kind) =>
        [.. Cases.Where(json => json.GetProperty("kind").GetString() == kind).Select(json => json.GetProperty("name").GetString()!)];

    private static JsonElement Named(string name) => Cases.Single(json => json.GetProperty("name").GetString() == name);

    private static JsonElement[] Load()
    {
        using var stream = typeof(SweepGoldenTests).Assembly.GetManifestResourceStream("golden-sweeps.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.EnumerateArray()];
    }
}
