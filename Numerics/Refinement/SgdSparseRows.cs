using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Sparse rows of a worker: of each its entries, an input and its value, ascending, and 1 / |x|_1. A row's piece here is where its entries are, which lie end to end in
/// pinned memory.
/// </summary>
public sealed unsafe class SgdSparseRows : SgdRows
{
    /// <summary>Entries that s of docs/math.md 9 supposes in a row of norm 1; the same for all workers, whatever their rows are.</summary>
    private const int SupposedEntries = 16;

    private const int RoomEntries = 1 << 16;

    private readonly RowLayout _layout;
    private readonly bool _keepsNorms;
    private readonly List<int> _lengths = [];
    private readonly List<Entry[]> _rooms = []; // kept alive: rows know only where in them they are
    private Entry[] _room = [];
    private int _used;

    /// <param name="layout">The layout of the rows, sparse.</param>
    /// <param name="keepsNorms">Whether values are taken as they are; otherwise rows are scaled to norm 1.</param>
    /// <param name="classes">C.</param>
    public SgdSparseRows(RowLayout layout, bool keepsNorms, int classes)
        : base(classes, layout.Inputs, sizeof(Place)) => (_layout, _keepsNorms) = (layout, keepsNorms);

    internal override double Unit => Math.Sqrt(SupposedEntries);

    /// <summary>Entries of every row, for the room of a batch.</summary>
    internal ReadOnlySpan<int> Lengths => CollectionsMarshal.AsSpan(_lengths);

    /// <summary>Bytes held for so many rows with so many entries in all, for memory plans.</summary>
    public static long BytesFor(long rows, long entries) => BytesOf(sizeof(Place), rows) + rows * sizeof(int) + entries * sizeof(Entry);

    /// <summary>Adds as many rows as there are labels, from row <paramref name="first"/> on; a row of norm 0 only moves the bias.</summary>
    /// <exception cref="ArgumentException">Rows of another number of inputs, rows that do not exist, or a class out of range.</exception>
    public void Append(SparseRows rows, int first, ReadOnlySpan<int> labels)
    {
        if (rows.Layout.Inputs != _layout.Inputs)
            throw new ArgumentException($"rows of {rows.Layout.Inputs} inputs do not join rows of {_layout.Inputs}", nameof(rows));
        RequireRows(rows.Count, first, labels.Length);
        for (var m = 0; m < labels.Length; m++)
        {
            var (start, end) = (rows.Starts[first + m], rows.Starts[first + m + 1]);
            var norm = _keepsNorms ? 1 : rows.NormOf(first + m);
            var place = Take(end - start);
            for (var i = start; i < end; i++)
                place.Entries[i - start] = new Entry(rows.Indices[i], rows.Values[i]);
            *(Place*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Add(labels[m], norm == 0 ? 0 : (float)(1 / norm)))) = place;
            _lengths.Add(end - start);
        }
    }

    internal static ReadOnlySpan<Entry> EntriesOf(byte* row) => new(((Place*)row)->Entries, ((Place*)row)->Count);

    private Place Take(int count)
    {
        if (_room.Length - _used < count)
        {
            (_room, _used) = (GC.AllocateArray<Entry>(Math.Max(RoomEntries, count), pinned: true), 0);
            _rooms.Add(_room);
        }
        var start = (Entry*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_room)) + _used;
        _used += count;
        return new Place(start, count);
    }

    internal readonly record struct Entry(int Input, float Value);

    private readonly struct Place(Entry* entries, int count)
    {
        public readonly Entry* Entries = entries;
        public readonly int Count = count;
    }
}
