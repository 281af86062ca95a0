namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Counts the cells of one set of lags over documents: gathers one number a position, sorts them and counts equal ones. Its memory is 16 bytes a
/// position of its capacity, however many are added: a full counter is drained into a run and cleared first.
/// </summary>
public sealed class CellCounter
{
    private readonly CellPacking _packing;
    private readonly LagSet _set;
    private readonly ulong[] _cells;
    private readonly ulong[] _scratch;

    /// <param name="packing">The vocabulary.</param>
    /// <param name="set">The lags to look at.</param>
    /// <param name="capacity">Positions to gather before a run is sorted.</param>
    /// <exception cref="LanguageException">The lags do not fit into a cell's bits.</exception>
    public CellCounter(CellPacking packing, LagSet set, int capacity)
    {
        packing.Check(set);
        (_packing, _set) = (packing, set);
        (_cells, _scratch) = (new ulong[capacity], new ulong[capacity]);
    }

    /// <summary>Positions gathered since the last run.</summary>
    public int Gathered { get; private set; }

    /// <summary>Positions that can be gathered before the next run.</summary>
    public int Free => _cells.Length - Gathered;

    /// <summary>Gathers the positions from <paramref name="first"/> of a document, as many as there is room for, and gives how many those were.</summary>
    /// <param name="document">Ids of all tokens of the document.</param>
    /// <param name="first">The first position that is not gathered yet.</param>
    public int Add(ReadOnlySpan<int> document, int first)
    {
        var count = Math.Min(document.Length - first, Free);
        var cells = _cells.AsSpan(Gathered, count);
        var padded = Math.Clamp(_set.Last - first, 0, count);
        for (var i = 0; i < padded; i++)
            cells[i] = (_packing.ContextAt(document, first + i, _set) << _packing.WordBits) | (uint)document[first + i];
        var rest = cells[padded..];
        if (!rest.IsEmpty)
            Pack(document, first + padded, rest);
        Gathered += count;
        return count;
    }

    /// <summary>Appends the distinct cells of what was gathered, and their counts, to <paramref name="cells"/>. Afterwards, <see cref="Clear"/>.</summary>
    public void Drain(CellList cells)
    {
        var sorted = _cells.AsSpan(0, Gathered);
        RadixSort.Sort(sorted, _scratch, _packing.BitsOf(_set.Lags.Length));
        for (var i = 0; i < sorted.Length;)
        {
            var start = i;
            var cell = sorted[i];
            do
                i++;
            while (i < sorted.Length && sorted[i] == cell);
            cells.Add(cell, i - start);
        }
    }

    /// <summary>Forgets what was gathered.</summary>
    public void Clear() => Gathered = 0;

    /// <summary>Positions that have all their lags within the document.</summary>
    private void Pack(ReadOnlySpan<int> document, int first, Span<ulong> cells)
    {
        var (lags, tokenBits, wordBits) = (_set.Lags, _packing.TokenBits, _packing.WordBits);
        var a = document.Slice(first - lags[0], cells.Length);
        var word = document.Slice(first, cells.Length);
        if (lags.Length == 1)
        {
            for (var i = 0; i < cells.Length; i++)
                cells[i] = ((ulong)(uint)a[i] << wordBits) | (uint)word[i];
            return;
        }
        for (var i = 0; i < cells.Length; i++)
            cells[i] = (uint)a[i];
        for (var lag = 1; lag < lags.Length; lag++)
        {
            var next = document.Slice(first - lags[lag], cells.Length);
            for (var i = 0; i < cells.Length; i++)
                cells[i] = (cells[i] << tokenBits) | (uint)next[i];
        }
        for (var i = 0; i < cells.Length; i++)
            cells[i] = (cells[i] << wordBits) | (uint)word[i];
    }
}
