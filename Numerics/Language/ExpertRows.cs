using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// The rows of one expert, solved from counts (docs/math.md 10): with N = sum of the row's counts n, D the discounts, gamma = sum of D over the row's words and
/// p_lower the expert without the largest lag,
/// <code>p(c) = (n - D) / N + gamma / N p_lower(c),   delta(c) = log(1 + (n - D) / (gamma p_lower(c)))</code>
/// It walks through the tables of the sets below at the same time, and holds a row of each. All numbers are float64 and the same bits everywhere.
/// </summary>
public sealed class ExpertRows
{
    private readonly CellPacking _packing;
    private readonly RowSource[] _tables;
    private readonly Discounts[] _discounts;

    /// <summary>Probabilities of the words of the current row of each table; below it, of all words.</summary>
    private readonly double[][] _probabilities;

    private double[] _deltas = new double[64];

    /// <param name="packing">What the cells are.</param>
    /// <param name="tables">The tables of the set and those below it, the one of a single lag first; each starts before its first row.</param>
    /// <param name="discounts">Of these sets.</param>
    /// <param name="unigram">The probability of every word below all of them.</param>
    public ExpertRows(CellPacking packing, RowSource[] tables, Discounts[] discounts, double[] unigram)
    {
        (_packing, _tables, _discounts) = (packing, tables, discounts);
        _probabilities = [unigram, .. tables.Select(_ => new double[packing.Vocabulary])];
    }

    /// <summary>The row itself: context, words and counts.</summary>
    public RowSource Row => _tables[^1];

    /// <summary>delta of every word of the row.</summary>
    public ReadOnlySpan<double> Deltas => _deltas.AsSpan(0, Row.Count);

    /// <summary>The mass that is taken from the counts of the row and given to the expert below.</summary>
    public double Gamma { get; private set; }

    /// <summary>Sum of the row's counts.</summary>
    public long Total { get; private set; }

    /// <summary>Goes to the next row; false where there is none.</summary>
    /// <exception cref="InvalidDataException">A table below lacks the row that this one leads to.</exception>
    public async ValueTask<bool> NextAsync()
    {
        var top = _tables.Length - 1;
        if (!await _tables[top].NextAsync())
            return false;
        for (var level = 0; level < top; level++)
        {
            var wanted = _packing.Prefix(_tables[top].Context, top - level);
            if (_tables[level].Count > 0 && _tables[level].Context == wanted)
                continue;
            do
            {
                if (!await _tables[level].NextAsync())
                    throw new InvalidDataException("a context is missing in the table of the lags below it");
            }
            while (_tables[level].Context != wanted);
            Solve(level);
        }
        Solve(top);
        return true;
    }

    private void Solve(int level)
    {
        var (row, discounts) = (_tables[level], _discounts[level]);
        var words = row.Words;
        var counts = row.Counts;
        long total = 0, ones = 0, twos = 0;
        foreach (var count in counts)
        {
            total = checked(total + count);
            ones += count == 1 ? 1 : 0;
            twos += count == 2 ? 1 : 0;
        }
        var gamma = discounts.One * ones + discounts.Two * twos + discounts.More * (words.Length - ones - twos);
        var (lower, probabilities) = (_probabilities[level], _probabilities[level + 1]);
        for (var i = 0; i < words.Length; i++)
            probabilities[words[i]] = (counts[i] - discounts[counts[i]] + gamma * lower[words[i]]) / total;
        if (level < _tables.Length - 1)
            return;
        (Gamma, Total) = (gamma, total);
        if (_deltas.Length < words.Length)
            _deltas = new double[Math.Max(words.Length, 2 * _deltas.Length)];
        var deltas = _deltas.AsSpan(0, words.Length);
        for (var i = 0; i < words.Length; i++)
            deltas[i] = 1 + (counts[i] - discounts[counts[i]]) / (gamma * lower[words[i]]);
        SameBits.Log(deltas, deltas);
    }
}
