namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The statistics of the union of disjoint rows, under one numbering of classes: everything adds up, exactly.</summary>
public sealed class StatisticsSum(int classes)
{
    private const int RunInputs = 1 << 16;

    private readonly List<CountTable> _tables = [];
    private readonly long[] _classRows = new long[classes];
    private readonly long[] _classMass = new long[classes];
    private readonly int[] _sameClass = [.. Enumerable.Range(0, classes)];
    private long _zeroRows;

    public void Add(SufficientStatistics part)
    {
        _tables.Add(part.Counts);
        for (var c = 0; c < classes; c++)
        {
            _classRows[c] += part.ClassRows[c];
            _classMass[c] = checked(_classMass[c] + part.ClassMass[c]);
        }
        _zeroRows += part.ZeroRows;
    }

    /// <summary>The sum of all parts; of none, the statistics of no rows.</summary>
    /// <param name="inputs">D.</param>
    public SufficientStatistics Total(int inputs) => new(Sum(inputs), _classRows, _classMass, _zeroRows);

    private CountTable Sum(int inputs)
    {
        if (_tables.Count == 1)
            return _tables[0];
        var seen = new List<int>();
        var counts = new List<long>();
        for (var first = 0; first < inputs; first += RunInputs)
        {
            var run = new CountSum(first, Math.Min(RunInputs, inputs - first), classes);
            foreach (var table in _tables)
                run.Add(table, _sameClass);
            var total = run.ToTable(inputs);
            seen.AddRange(total.Seen);
            counts.AddRange(total.Counts);
        }
        return new CountTable(inputs, classes, [.. seen], [.. counts]);
    }
}
