using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>
/// The statistics of the union of disjoint rows, under one numbering of classes: everything adds up, exactly. Parts are kept as they come and are added where
/// somebody looks; time and memory follow the inputs that were seen, however many there could be.
/// </summary>
/// <param name="inputs">D.</param>
/// <param name="classes">C.</param>
public sealed class StatisticsSum(int inputs, int classes) : ICountSource, IDisposable
{
    /// <summary>With more cells than this parts are added at once, so that memory follows the inputs seen and not the rows: 128 MiB of counts of 32 bits.</summary>
    public const int MostHeldCells = 1 << 25;

    private readonly List<ICountPart> _parts = [];
    private readonly long[] _classRows = new long[classes];
    private readonly long[] _classMass = new long[classes];
    private long _zeroRows;
    private int[] _places = [];
    private int[] _seen = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public int Inputs => inputs;

    /// <inheritdoc/>
    public int Classes => classes;

    /// <summary>Totals of all parts.</summary>
    public StatisticsTotals Totals => new(_classRows, _classMass, _zeroRows);

    /// <summary>Adds statistics.</summary>
    /// <exception cref="OverflowException">A mass beyond 2^63 - 1.</exception>
    public void Add(SufficientStatistics part) => Add(part.Counts, part.ClassRows, part.ClassMass, part.ZeroRows);

    /// <summary>Adds rows in blocks; see <see cref="BlockStatistics.Accumulate"/>.</summary>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label or a code is out of range.</exception>
    public void Add(BlockRows rows, ReadOnlySpan<int> labels) => Add((IBlockCodes)rows, labels);

    /// <summary>The same of rows that are held as levels.</summary>
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is out of range.</exception>
    public void Add(LevelRows rows, ReadOnlySpan<int> labels) => Add((IBlockCodes)rows, labels);

    private void Add(IBlockCodes rows, ReadOnlySpan<int> labels)
    {
        var counts = BlockStatistics.Count(rows, labels, classes);
        var (classRows, classMass) = BlockStatistics.TotalsOf(labels, classes, rows.Layout.Blocks);
        Add(counts, classRows, classMass, 0);
    }

    /// <inheritdoc/>
    public CountRows Between(int firstInput, int endInput)
    {
        var places = Room(ref _places, endInput - firstInput);
        places.Clear();
        foreach (var part in _parts)
        {
            var (first, end) = RowsOf(part);
            foreach (var input in part.Seen[first..end])
                places[input - firstInput] = 1;
        }
        var seen = Room(ref _seen, places.Length);
        var rows = 0;
        for (var i = 0; i < places.Length; i++)
        {
            seen[rows] = firstInput + i;
            rows += places[i];
            places[i] = rows - 1;
        }
        var counts = Room(ref _counts, checked(rows * classes));
        counts.Clear();
        foreach (var part in _parts)
        {
            var (first, end) = RowsOf(part);
            part.AddRows(first, end, places, firstInput, counts);
        }
        return new CountRows(seen[..rows], counts);

        (int First, int End) RowsOf(ICountPart part) => (CountTable.FirstAtLeast(part.Seen, firstInput), CountTable.FirstAtLeast(part.Seen, endInput));
    }

    /// <summary>The sum of all parts as one table; of none, the statistics of no rows.</summary>
    public SufficientStatistics Total()
    {
        var rows = Between(0, inputs);
        return new SufficientStatistics(new CountTable(inputs, classes, rows.Seen.ToArray(), rows.Counts.ToArray()), _classRows, _classMass, _zeroRows);
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            (part as IDisposable)?.Dispose();
        _parts.Clear();
    }

    private void Add(ICountPart counts, long[] classRows, long[] classMass, long zeroRows)
    {
        _parts.Add(counts);
        if (_parts.Count > 1 && _parts.Skip(1).Sum(part => (long)part.Seen.Length) * classes > MostHeldCells)
            Join();
        for (var c = 0; c < classes; c++)
        {
            _classRows[c] += classRows[c];
            _classMass[c] = checked(_classMass[c] + classMass[c]);
        }
        _zeroRows += zeroRows;
    }

    private void Join()
    {
        var joined = Total().Counts;
        Dispose();
        _parts.Add(joined);
    }

    private static Span<T> Room<T>(ref T[] room, int length)
    {
        if (room.Length < length)
            room = new T[length];
        return room.AsSpan(0, length);
    }
}
