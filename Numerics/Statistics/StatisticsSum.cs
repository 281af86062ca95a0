using System.Numerics;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The statistics of the union of disjoint rows, under one numbering of classes: everything adds up, exactly.</summary>
public sealed class StatisticsSum(int classes)
{
    private readonly List<CountTable> _tables = [];
    private readonly long[] _classRows = new long[classes];
    private readonly long[] _classMass = new long[classes];
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

    /// <summary>Time and memory follow the inputs that were seen, however many there could be.</summary>
    private CountTable Sum(int inputs)
    {
        if (_tables.Count == 1)
            return _tables[0];
        var seen = SeenInAny(inputs);
        var counts = new long[checked((long)seen.Length * classes)];
        foreach (var table in _tables)
        {
            var at = 0;
            for (var i = 0; i < table.Seen.Length; i++)
            {
                while (seen[at] != table.Seen[i])
                    at++;
                CountSum.AddRow(table.Row(i), counts.AsSpan(at * classes, classes));
            }
        }
        return new CountTable(inputs, classes, seen, counts);
    }

    /// <summary>The union of the tables' inputs, ascending.</summary>
    private int[] SeenInAny(int inputs)
    {
        var bits = new ulong[(inputs + 63) / 64];
        foreach (var table in _tables)
        {
            foreach (var input in table.Seen)
                bits[input >> 6] |= 1UL << input;
        }
        var seen = new int[bits.Sum(BitOperations.PopCount)];
        var at = 0;
        for (var word = 0; word < bits.Length; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
                seen[at++] = (word << 6) + BitOperations.TrailingZeroCount(rest);
        }
        return seen;
    }
}
