using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Groups;

/// <summary>A solution by groups over several parts of the rows, as a job makes it.</summary>
internal sealed class GroupedInProcess
{
    private readonly FeatureSlots _slots;
    private readonly SufficientStatistics _counts;
    private readonly double[] _prior;
    private readonly int _inputs;

    public GroupedInProcess(SparseRows[] rows, int[][] labels, SparseScale scale, FeatureSlots slots, int classes)
    {
        var sum = new StatisticsSum(classes);
        for (var i = 0; i < rows.Length; i++)
            sum.Add(SparseStatistics.Accumulate(rows[i], scale, labels[i], classes));
        (_slots, _inputs) = (slots, rows[0].Layout.Inputs);
        _counts = sum.Total(_inputs);
        _prior = RatioTable.PriorOf(new ClassTotals(_counts.ClassRows, _counts.ClassMass));
        Parts = [.. rows.Select((part, i) => new SlotScores(part, scale, slots, labels[i], _prior))];
        Weights = new double[_inputs * Parts[0].Stride];
    }

    public SlotScores[] Parts { get; }

    public double[] Weights { get; }

    public List<double[]> Temperatures { get; } = [];

    public void Train(GroupedSettings settings)
    {
        var first = RatioTable.First(_counts.Counts, _slots.Rows, _prior, settings.Alpha);
        Fit(first, scores => scores.TakeFirst(first));
        for (var at = 0; at < settings.Passes * settings.Parts; at++)
        {
            var part = at % settings.Parts;
            var expected = new StatisticsSum(_prior.Length);
            foreach (var scores in Parts)
                expected.Add(new SufficientStatistics(scores.Expect(part, settings.Parts), new long[_prior.Length], new long[_prior.Length], 0));
            var pass = RatioTable.Pass(_counts.Counts, expected.Total(_inputs).Counts, _slots.Rows, _prior, settings.PassAlpha);
            Fit(pass, scores => scores.TakePass(pass, part, settings.Parts));
        }
    }

    private void Fit(RatioTable table, Action<SlotScores> take)
    {
        foreach (var scores in Parts)
            take(scores);
        var search = new TemperatureSearch(_slots.Count);
        while (!search.IsDone)
        {
            var sums = new ExactTemperatureSums(_slots.Count);
            foreach (var scores in Parts)
                sums.Add(scores.Sums(search.Trial));
            search.Take(sums.ToNumbers());
        }
        Temperatures.Add(search.Trial);
        foreach (var scores in Parts)
            scores.Apply(search.Trial);
        var ratios = table.Ratios();
        for (var i = 0; i < ratios.Length; i++)
            Weights[i] += search.Trial[_slots[i / table.Stride]] * ratios[i];
    }
}
