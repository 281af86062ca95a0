using System.Numerics;

namespace ExplicitCluster.Numerics.Language;

/// <summary>Gathers the rows of a table. Cells with delta 0 say nothing and are left out, and so are rows of such cells alone.</summary>
public sealed class ExpertTableBuilder<T>(LagSet set)
    where T : unmanaged, IFloatingPoint<T>
{
    private readonly List<ulong> _contexts = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _words = [];
    private readonly List<T> _deltas = [];

    /// <summary>Adds a row; contexts ascend.</summary>
    public void Add(ulong context, ReadOnlySpan<int> words, ReadOnlySpan<double> deltas)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var delta = T.CreateTruncating(deltas[i]);
            if (T.IsZero(delta))
                continue;
            _words.Add(words[i]);
            _deltas.Add(delta);
        }
        if (_words.Count == _starts[^1])
            return;
        _contexts.Add(context);
        _starts.Add(_words.Count);
    }

    public ExpertTable<T> ToTable() => new(set, [.. _contexts], [.. _starts], [.. _words], [.. _deltas]);
}
