using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Sparse rows of norm 1 in fixed-point units, one after the other: as they were counted, and as they are scored, without the inputs that nobody would keep without the row.
/// Belongs to one thread.
/// </summary>
internal sealed class SparseShares
{
    private readonly SparseRows _rows; // as they were counted
    private readonly int[] _units;     // of all entries of the row
    private readonly int[] _shares;
    private readonly int[] _counted;
    private readonly Group[] _groups;
    private int _first;

    /// <param name="rows">The rows.</param>
    /// <param name="vanishing">(D) inputs that are in no vocabulary without a row that has them; null where rows keep all inputs.</param>
    public SparseShares(SparseRows rows, bool[]? vanishing)
    {
        (_rows, Kept) = (rows, vanishing is null ? rows : Without(rows, vanishing));
        var longest = SparseStatistics.LongestRow(rows);
        (_units, _shares, _counted, _groups) = (new int[longest], new int[longest], new int[longest], new Group[rows.Layout.Maps.Count]);
    }

    /// <summary>The rows as they are scored.</summary>
    public SparseRows Kept { get; }

    /// <summary>Entries of the longest row.</summary>
    public int Longest => _units.Length;

    /// <summary>Inputs of the row, ascending.</summary>
    public ReadOnlySpan<int> Inputs => Kept.Indices.AsSpan(_first, _groups[^1].End);

    /// <summary>The share of each in the row, units of 2^-20.</summary>
    public ReadOnlySpan<int> Shares => _shares;

    /// <summary>What each has in the counts of the row's class; less than its share where inputs are left out.</summary>
    public ReadOnlySpan<int> Counted => _counted;

    /// <summary>Where the entries of a group begin and end among <see cref="Inputs"/>.</summary>
    public (int From, int End) EntriesOf(int group) => (group == 0 ? 0 : _groups[group - 1].End, _groups[group].End);

    /// <summary>Of some groups the shares, what the row has in the counts with inputs that are left out, and how many of these there are.</summary>
    public (long Weight, long Mass, int LeftOut) SumOf(ReadOnlySpan<int> groups)
    {
        var sum = default((long Weight, long Mass, int LeftOut));
        foreach (var group in groups)
            sum = (sum.Weight + _groups[group].Weight, sum.Mass + _groups[group].Mass, sum.LeftOut + _groups[group].LeftOut);
        return sum;
    }

    /// <summary>Makes a row the current one. False for one of zero norm, which is in no count and has no entry.</summary>
    /// <exception cref="OverflowException">The row's norm leaves float32's range.</exception>
    public bool Read(int row)
    {
        Array.Clear(_groups);
        var (from, end) = (_rows.Starts[row], _rows.Starts[row + 1]);
        _first = Kept.Starts[row];
        if (!SparseScale.Norm.Units(_rows, row, _units))
            return false;
        if (Kept == _rows)
            _units.AsSpan(0, end - from).CopyTo(_shares);
        else
            SparseScale.Norm.Units(Kept, row, _shares);
        for (var (group, unit, entry) = (0, 0, 0); group < _groups.Length; group++)
        {
            var to = _rows.EndOfGroup(group, from, end);
            var (all, kept) = (to - from, entry);
            ref var sums = ref _groups[group];
            for (; from < to; from++, unit++)
            {
                sums.Mass += _units[unit];
                if (_first + entry == Kept.Starts[row + 1] || Kept.Indices[_first + entry] != _rows.Indices[from])
                    continue;
                sums.Weight += _shares[entry];
                _counted[entry++] = _units[unit];
            }
            (sums.End, sums.LeftOut) = (entry, all - (entry - kept));
        }
        return true;
    }

    private static SparseRows Without(SparseRows rows, bool[] vanishing)
    {
        var (starts, indices, values, kept) = (new int[rows.Count + 1], new int[rows.Entries], new float[rows.Entries], 0);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                if (!vanishing[rows.Indices[i]])
                    (indices[kept], values[kept++]) = (rows.Indices[i], rows.Values[i]);
            }
            starts[row + 1] = kept;
        }
        return kept == rows.Entries ? rows : new SparseRows(rows.Layout, starts, indices[..kept], values[..kept]);
    }

    private struct Group
    {
        public int End;
        public int LeftOut;
        public long Weight;
        public long Mass;
    }
}
