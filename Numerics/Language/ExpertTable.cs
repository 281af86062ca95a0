using System.Numerics;

namespace ExplicitCluster.Numerics.Language;

/// <summary>The deltas of one expert: a sparse row of words for every context that was seen, rows in ascending order of contexts.</summary>
/// <typeparam name="T">float as models are stored, double where weights are fitted.</typeparam>
public sealed class ExpertTable<T>
    where T : unmanaged, IFloatingPoint<T>
{
    private readonly ulong[] _contexts;
    private readonly int[] _starts;
    private readonly int[] _words;
    private readonly T[] _deltas;

    /// <param name="set">The lags.</param>
    /// <param name="contexts">Contexts, ascending.</param>
    /// <param name="starts">Where each row starts, and the number of cells.</param>
    /// <param name="words">Words of all rows, ascending in each.</param>
    /// <param name="deltas">Their deltas.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other.</exception>
    public ExpertTable(LagSet set, ulong[] contexts, int[] starts, int[] words, T[] deltas)
    {
        if (starts.Length != contexts.Length + 1 || starts[^1] != words.Length || words.Length != deltas.Length)
            throw new ArgumentException($"{contexts.Length} contexts, {starts.Length} starts, {words.Length} words and {deltas.Length} deltas make no table", nameof(starts));
        Set = set;
        (_contexts, _starts, _words, _deltas) = (contexts, starts, words, deltas);
    }

    public LagSet Set { get; }

    public ReadOnlySpan<ulong> Contexts => _contexts;

    public ReadOnlySpan<int> Starts => _starts;

    public ReadOnlySpan<int> Words => _words;

    public ReadOnlySpan<T> Deltas => _deltas;

    /// <summary>Number of stored cells.</summary>
    public int Cells => _words.Length;

    /// <summary>The same contexts and words with other deltas.</summary>
    public ExpertTable<T> WithDeltas(T[] deltas) => new(Set, _contexts, _starts, _words, deltas);

    /// <summary>The row of a context; -1 where it has none.</summary>
    public int Find(ulong context) => Math.Max(-1, Array.BinarySearch(_contexts, context));

    /// <summary>The words of a row and their deltas; none for row -1.</summary>
    public ExpertRow<T> this[int row] => row < 0
        ? default
        : new ExpertRow<T>(_words.AsSpan(_starts[row], _starts[row + 1] - _starts[row]), _deltas.AsSpan(_starts[row], _starts[row + 1] - _starts[row]));
}
