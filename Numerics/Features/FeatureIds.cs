using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// The features of one group in documents, as numbers of a table. Where features lie within tokens, those of a token that came before are remembered.
/// </summary>
internal sealed class FeatureIds
{
    /// <summary>Tokens remembered at most: then all are forgotten.</summary>
    private const int MostTokens = 1 << 20;

    private readonly FeatureGroup _group;
    private readonly TokenTable? _table;
    private readonly FeatureHash? _hash;
    private readonly bool _adds;
    private readonly TokenBuffer _one = new();
    private TokenTable _tokens = new();
    private List<int> _starts = [0];
    private int[] _remembered = new int[1 << 10];
    private int[] _ids = new int[1 << 8];
    private int _count;

    /// <param name="group">The group.</param>
    /// <param name="table">Known features; it grows by new ones where <paramref name="adds"/>, others are passed over elsewhere.</param>
    /// <param name="adds">Whether new features are added.</param>
    public FeatureIds(FeatureGroup group, TokenTable table, bool adds) => (_group, _table, _adds) = (group, table, adds);

    /// <param name="group">The group.</param>
    /// <param name="hash">Gives every feature its number.</param>
    public FeatureIds(FeatureGroup group, FeatureHash hash) => (_group, _hash) = (group, hash);

    /// <summary>Every occurrence in one document; valid until the next call.</summary>
    public ReadOnlySpan<int> Of(TokenBuffer tokens)
    {
        _count = 0;
        if (!_group.IsWithinTokens)
        {
            Extract(tokens, ref _ids, ref _count);
            return _ids.AsSpan(0, _count);
        }
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = Remember(tokens[i]);
            var ids = _remembered.AsSpan(_starts[token], _starts[token + 1] - _starts[token]);
            if (_ids.Length - _count < ids.Length)
                Array.Resize(ref _ids, 2 * (_count + ids.Length));
            ids.CopyTo(_ids.AsSpan(_count));
            _count += ids.Length;
        }
        return _ids.AsSpan(0, _count);
    }

    private int Remember(ReadOnlySpan<byte> token)
    {
        if (_tokens.Count == MostTokens)
            (_tokens, _starts) = (new TokenTable(), [0]);
        var known = _tokens.FindOrAdd(token);
        if (known == _starts.Count - 1)
        {
            _one.Clear();
            _one.Add(token);
            var end = _starts[^1];
            Extract(_one, ref _remembered, ref end);
            _starts.Add(end);
        }
        return known;
    }

    private void Extract(TokenBuffer tokens, ref int[] ids, ref int count)
    {
        if (_hash is not null)
        {
            var buckets = new BucketSink(_hash, ids, count);
            _group.Extract(tokens, ref buckets);
            (ids, count) = (buckets.Ids, buckets.Count);
            return;
        }
        var sink = new Sink(_table!, _adds, ids, count);
        _group.Extract(tokens, ref sink);
        (ids, count) = (sink.Ids, sink.Count);
    }

    private struct Sink(TokenTable table, bool adds, int[] ids, int count) : IFeatureSink
    {
        public int[] Ids = ids;
        public int Count = count;

        public void Add(ReadOnlySpan<byte> feature)
        {
            var id = adds ? table.FindOrAdd(feature) : table.Find(feature);
            if (id < 0)
                return;
            if (Count == Ids.Length)
                Array.Resize(ref Ids, 2 * Count);
            Ids[Count++] = id;
        }
    }

    private struct BucketSink(FeatureHash hash, int[] ids, int count) : IFeatureSink
    {
        public int[] Ids = ids;
        public int Count = count;

        public void Add(ReadOnlySpan<byte> feature)
        {
            if (Count == Ids.Length)
                Array.Resize(ref Ids, 2 * Count);
            Ids[Count++] = hash.BucketOf(feature);
        }
    }
}
