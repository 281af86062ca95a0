using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// Documents as sparse rows: the features of every group that the vocabulary knows, ascending, with their counts. Unknown features are dropped.
/// Belongs to one thread.
/// </summary>
public sealed class TextEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyList<FeatureGroup> _groups;
    private readonly RowLayout _layout;
    private readonly FeatureIds[] _ids;
    private readonly int[][] _counts;
    private readonly TokenBuffer _tokens = new();
    private readonly List<int> _starts = [0];
    private int[] _indices = new int[1 << 10];
    private float[] _values = new float[1 << 10];
    private int[] _touched = new int[1 << 8];
    private int _length;

    public TextEncoder(Tokenizer tokenizer, IReadOnlyList<FeatureGroup> groups, Vocabulary vocabulary)
    {
        (_tokenizer, _groups, _layout) = (tokenizer, groups, vocabulary.Layout);
        _ids = [.. groups.Zip(vocabulary.Groups, (group, features) => new FeatureIds(group, TableOf(features), adds: false))];
        _counts = [.. vocabulary.Groups.Select(features => new int[features.Count])];
    }

    /// <summary>Appends one document.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        _tokens.Clear();
        _tokenizer.Split(text, _tokens);
        for (var g = 0; g < _groups.Count; g++)
        {
            var ids = _ids[g].Of(_tokens);
            var (counts, distinct) = (_counts[g], 0);
            if (_touched.Length < ids.Length)
                _touched = new int[2 * ids.Length];
            foreach (var id in ids)
            {
                if (counts[id]++ == 0)
                    _touched[distinct++] = id;
            }
            Append(g, _touched.AsSpan(0, distinct));
        }
        _starts.Add(_length);
    }

    /// <summary>The documents since the last call, as rows.</summary>
    public SparseRows Take()
    {
        var rows = new SparseRows(_layout, [.. _starts], _indices[.._length], _values[.._length]);
        _starts.Clear();
        _starts.Add(0);
        _length = 0;
        return rows;
    }

    private void Append(int group, Span<int> touched)
    {
        touched.Sort();
        var (first, counts) = (_layout.Maps[group].FirstInput, _counts[group]);
        if (_indices.Length - _length < touched.Length)
        {
            Array.Resize(ref _indices, 2 * (_length + touched.Length));
            Array.Resize(ref _values, 2 * (_length + touched.Length));
        }
        foreach (var id in touched)
        {
            _indices[_length] = first + id;
            _values[_length++] = _groups[group].Counts switch
            {
                CountKind.Raw => counts[id],
                CountKind.Binary => 1,
                _ => (float)SameBits.Log(1.0 + counts[id]),
            };
            counts[id] = 0;
        }
    }

    private static TokenTable TableOf(FeatureList features)
    {
        var table = new TokenTable();
        for (var i = 0; i < features.Count; i++)
            table.FindOrAdd(features[i]);
        return table;
    }
}
