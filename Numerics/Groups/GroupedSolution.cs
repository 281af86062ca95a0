using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// A solution by groups (docs/math.md 11) over rows in memory, in one thread: what a job does with its shards. The rows may come in any number of parts;
/// the result is the same, bit for bit.
/// </summary>
public sealed class GroupedSolution
{
    private readonly FeatureSlots _slots;
    private readonly CountTable _counts;
    private readonly double[] _prior;
    private readonly double[] _weights;
    private readonly double[]? _classWeights;

    /// <param name="rows">The training rows, in parts.</param>
    /// <param name="labels">A class a row.</param>
    /// <param name="scale">What values are multiplied by.</param>
    /// <param name="slots">Slots of the inputs.</param>
    /// <param name="classes">C.</param>
    /// <param name="classWeights">(C) how often a row of each class counts; null where each counts once.</param>
    public GroupedSolution(IReadOnlyList<SparseRows> rows, IReadOnlyList<int[]> labels, SparseScale scale, FeatureSlots slots, int classes, double[]? classWeights = null)
    {
        var total = Sum([.. rows.Select((part, i) => SparseStatistics.Accumulate(part, scale, labels[i], classes))]);
        (_slots, _counts, _classWeights) = (slots, total.Counts, classWeights);
        _prior = RatioTable.PriorOf(new ClassTotals(total.ClassRows, total.ClassMass) { Weights = classWeights });
        Parts = [.. rows.Select((part, i) => new SlotScores(part, scale, slots, labels[i], _prior, classWeights))];
        _weights = new double[(long)_counts.Inputs * RatioTable.StrideOf(classes)];
    }

    /// <summary>Scores of the training rows, each left out, part by part.</summary>
    public IReadOnlyList<SlotScores> Parts { get; }

    /// <summary>One list a fit.</summary>
    public List<double[]> Temperatures { get; } = [];

    /// <summary>Mean left-out loss after each fit, nats a row.</summary>
    public List<double> Losses { get; } = [];

    /// <summary>The log prior of every class, (C), float32.</summary>
    public float[] Bias() => [.. _prior.Select(p => (float)SameBits.Log(p))];

    /// <summary>Weights so far: (D, C), float32.</summary>
    public float[] Weights()
    {
        var (classes, stride) = (_prior.Length, RatioTable.StrideOf(_prior.Length));
        var weights = new float[(long)_counts.Inputs * classes];
        for (var input = 0; input < _counts.Inputs; input++)
        {
            for (var c = 0; c < classes; c++)
                weights[(long)input * classes + c] = (float)_weights[(long)input * stride + c];
        }
        return weights;
    }

    /// <summary>Makes the first layer and all passes.</summary>
    public void Train(GroupedSettings settings)
    {
        var first = RatioTable.First(_counts, _slots.Rows, _prior, settings.Alpha, _classWeights);
        Fit(first, scores => scores.TakeFirst(first));
        for (var at = 0; at < settings.Passes * settings.Parts; at++)
        {
            var part = at % settings.Parts;
            var none = new long[_prior.Length];
            var expected = Sum([.. Parts.Select(scores => new SufficientStatistics(scores.Expect(part, settings.Parts), none, none, 0))]);
            var pass = RatioTable.Pass(_counts, expected.Counts, _slots.Rows, _prior, settings.PassAlpha, _classWeights);
            Fit(pass, scores => scores.TakePass(pass, part, settings.Parts));
        }
    }

    private static SufficientStatistics Sum(SufficientStatistics[] parts)
    {
        if (parts.Length == 1)
            return parts[0];
        using var sum = new StatisticsSum(parts[0].Counts.Inputs, parts[0].Counts.Classes);
        foreach (var part in parts)
            sum.Add(part);
        return sum.Total();
    }

    private void Fit(RatioTable table, Action<SlotScores> take)
    {
        foreach (var scores in Parts)
            take(scores);
        var search = TemperatureSearch.OfSlots(_slots.Count);
        while (!search.IsDone)
            search.Take(SumsAt(search.Trial).ToNumbers());
        Temperatures.Add(search.Trial);
        Int128 loss = 0;
        foreach (var scores in Parts)
            loss += scores.Apply(search.Trial);
        Losses.Add(ExactSum.Mean(loss, Parts.Sum(scores => (long)scores.Rows)));
        table.AddTo(_weights, _slots, search.Trial);
    }

    private ExactTemperatureSums SumsAt(double[] temperatures)
    {
        var sums = new ExactTemperatureSums(_slots.Count);
        foreach (var scores in Parts)
            sums.Add(scores.Sums(temperatures));
        return sums;
    }
}
