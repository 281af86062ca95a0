namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// From the cells of a chain of k + 1 lags to those of k: for every (context, word), how many distinct tokens were seen one lag further back. Cells
/// come in ascending order, in as many pieces as one likes; memory is that of one row.
/// </summary>
public sealed class Continuation(CellPacking packing)
{
    private readonly long[] _counts = new long[packing.Vocabulary];
    private readonly int[] _words = new int[packing.Vocabulary];
    private int _distinct;
    private ulong _context;

    /// <summary>Adds cells of k + 1 lags, each once; <paramref name="complete"/> gets the rows of k lags that are complete.</summary>
    public void Add(ReadOnlySpan<ulong> cells, CellList complete)
    {
        foreach (var cell in cells)
        {
            var context = packing.Prefix(packing.ContextOf(cell), 1);
            if (context != _context)
            {
                End(complete);
                _context = context;
            }
            var word = packing.WordOf(cell);
            if (_counts[word]++ == 0)
                _words[_distinct++] = word;
        }
    }

    /// <summary>Hands over the last row.</summary>
    public void End(CellList complete)
    {
        var words = _words.AsSpan(0, _distinct);
        words.Sort();
        foreach (var word in words)
        {
            complete.Add((_context << packing.WordBits) | (uint)word, _counts[word]);
            _counts[word] = 0;
        }
        _distinct = 0;
    }
}
