namespace ExplicitCluster.Numerics.Language;

/// <summary>Reads the rows of a table, a row being all cells of one context, from ascending cells that come in pieces. Memory is a piece and a row.</summary>
/// <param name="packing">What the cells are.</param>
/// <param name="pieces">The cells; a piece may be changed once the next is asked for.</param>
public sealed class RowSource(CellPacking packing, IAsyncEnumerator<CellList> pieces)
{
    private int[] _words = new int[64];
    private long[] _counts = new long[64];
    private CellList? _piece;
    private int _at;

    public ulong Context { get; private set; }

    /// <summary>Number of words seen in this context.</summary>
    public int Count { get; private set; }

    /// <summary>The words, ascending.</summary>
    public ReadOnlySpan<int> Words => _words.AsSpan(0, Count);

    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, Count);

    /// <summary>Goes to the next row; false where there is none.</summary>
    public async ValueTask<bool> NextAsync()
    {
        Count = 0;
        while (true)
        {
            if (_piece is not null && TakeOf(_piece))
                return true;
            if (!await pieces.MoveNextAsync())
                break;
            (_piece, _at) = (pieces.Current, 0);
        }
        _piece = null;
        return Count > 0;
    }

    /// <summary>Takes cells of the row from a piece; true where the row ends in it.</summary>
    private bool TakeOf(CellList piece)
    {
        var cells = piece.Cells;
        var counts = piece.Counts;
        for (; _at < cells.Length; _at++)
        {
            var context = packing.ContextOf(cells[_at]);
            if (Count == 0)
                Context = context;
            else if (context != Context)
                return true;
            if (Count == _words.Length)
            {
                Array.Resize(ref _words, 2 * _words.Length);
                Array.Resize(ref _counts, 2 * _counts.Length);
            }
            (_words[Count], _counts[Count]) = (packing.WordOf(cells[_at]), counts[_at]);
            Count++;
        }
        return false;
    }
}
