using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Refinement;

/// <summary>Scaling sweeps over rows that are dealt to a number of workers, all in one thread: what the grains do with messages.</summary>
internal sealed class SweepsInProcess
{
    private readonly int _classes;
    private readonly (double Alpha, double Damping, int BlocksPerChunk) _settings;
    private readonly List<SweepRows> _workers = [];
    private readonly List<SweepRun> _runs = [];
    private readonly int _rows;

    public SweepsInProcess(BlockRows rows, int[] labels, int classes, int workers, int least, (double Alpha, double Damping, int BlocksPerChunk) settings)
    {
        (_classes, _settings, _rows) = (classes, settings, rows.Count);
        var table = BlockStatistics.Accumulate(rows, labels, classes).Counts;
        Compaction = new CodeCompaction(rows.Layout, table, least);
        Counts = new SweepCounts(Compaction, table);
        for (var worker = 0; worker < workers; worker++)
        {
            int[] mine = [.. Enumerable.Range(0, _rows).Where(row => row * workers / _rows == worker)];
            var part = new SweepRows(Compaction, mine.Length);
            part.Add(RandomRows.Pick(rows, mine), [.. mine.Select(row => labels[row])]);
            _workers.Add(part);
        }
    }

    public CodeCompaction Compaction { get; }

    public SweepCounts Counts { get; }

    public List<double> Steps { get; } = [];

    /// <summary>Starts a run at the prior.</summary>
    public SweepWeights Start(ReadOnlySpan<double> logPrior)
    {
        _runs.Clear();
        foreach (var rows in _workers)
        {
            var run = new SweepRun(rows, new SweepWorkspace(_classes));
            run.SetScoresToPrior(logPrior);
            _runs.Add(run);
        }
        return new SweepWeights(Counts);
    }

    /// <summary>One sweep; returns the mean step.</summary>
    public double Sweep(SweepWeights weights, int[][] chunks)
    {
        var mean = 0.0;
        Steps.Clear();
        foreach (var blocks in chunks)
        {
            var chunk = new SweepChunk(Compaction, blocks);
            var expected = new long[chunk.Cells * _classes];
            foreach (var run in _runs)
            {
                var part = new long[expected.Length];
                run.Expect(chunk, part);
                for (var i = 0; i < part.Length; i++)
                    expected[i] += part[i];
            }
            foreach (var run in _runs)
                run.Direct(chunk, Counts, expected, _settings.Alpha);
            var search = new LineSearch(_rows, SumsAt(0));
            while (!search.IsDone)
                search.Take(SumsAt(search.Trial));
            weights.Move(chunk, expected, _settings.Alpha, _settings.Damping * search.Step);
            foreach (var run in _runs)
                run.Move(_settings.Damping * search.Step);
            Steps.Add(search.Step);
            mean += search.Step * blocks.Length;
        }
        return mean / chunks.Length;
    }

    /// <summary>S of all rows, (rows, C).</summary>
    public double[] Scores()
    {
        var scores = new double[_rows * _classes];
        var first = 0;
        foreach (var (run, rows) in _runs.Zip(_workers))
        {
            var part = new double[rows.Count * _classes];
            run.CopyScoresTo(part);
            for (var i = 0; i < part.Length; i++)
                scores[(first + i % rows.Count) * _classes + i / rows.Count] = part[i];
            first += rows.Count;
        }
        return scores;
    }

    private LineSums SumsAt(double step) => _runs.Select(run => run.SumsAt(step)).Aggregate((a, b) => a + b);
}
