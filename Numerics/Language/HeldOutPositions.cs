namespace ExplicitCluster.Numerics.Language;

/// <summary>Positions of held-out documents: the context of each set of lags, and the word.</summary>
public sealed class HeldOutPositions(CellPacking packing, LagSet[] sets)
{
    private readonly List<ulong> _contexts = [];
    private readonly List<int> _words = [];

    public int Count => _words.Count;

    public IReadOnlyList<int> Words => _words;

    /// <summary>The context that set <paramref name="set"/> sees at position <paramref name="index"/>.</summary>
    public ulong Context(int index, int set) => _contexts[index * sets.Length + set];

    /// <summary>Adds the position of a document. Before it may be pads, in place of tokens that the document does not have.</summary>
    public void Add(ReadOnlySpan<int> document, int position)
    {
        foreach (var set in sets)
            _contexts.Add(packing.ContextAt(document, position, set));
        _words.Add(document[position]);
    }

}
