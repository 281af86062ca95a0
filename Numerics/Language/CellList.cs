namespace ExplicitCluster.Numerics.Language;

/// <summary>Cells, ascending and each once, and how often each was seen. To be filled, read and cleared again and again; its memory stays.</summary>
public sealed class CellList
{
    private readonly Action<CellList>? _full;
    private ulong[] _cells;
    private long[] _counts;

    /// <param name="capacity">Cells to begin with.</param>
    /// <param name="full">Takes the cells whenever there are <paramref name="capacity"/> of them, so that there are never more; what is left at the end is not handed over.</param>
    public CellList(int capacity = 64, Action<CellList>? full = null) => (_cells, _counts, _full) = (new ulong[capacity], new long[capacity], full);

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Cells => _cells.AsSpan(0, Count);

    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, Count);

    /// <summary>Appends a cell, which must be greater than the last.</summary>
    public void Add(ulong cell, long count)
    {
        if (Count == _cells.Length && _full is not null)
        {
            _full(this);
            Clear();
        }
        else if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, 2 * _cells.Length);
            Array.Resize(ref _counts, 2 * _counts.Length);
        }
        (_cells[Count], _counts[Count]) = (cell, count);
        Count++;
    }

    public void Clear() => Count = 0;
}
