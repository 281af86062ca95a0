using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// Documents as sparse rows: the features of every group that the vocabulary knows, ascending, with their counts. Unknown features are dropped; those of a hashed
/// group are the buckets that they fall into. Belongs to one thread.
/// </summary>
public sealed class TextEncoder : DocumentEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyList<FeatureGroup> _groups;
    private readonly Vocabulary _vocabulary;
    private readonly FeatureIds[] _ids;
    private readonly int[][] _counts;
    private readonly TokenBuffer _tokens = new();
    private int[] _touched = new int[1 << 8];

    /// <param name="tokenizer">Splits the texts.</param>
    /// <param name="groups">The vocabulary's groups.</param>
    /// <param name="vocabulary">The features that are known.</param>
    public TextEncoder(Tokenizer tokenizer, IReadOnlyList<FeatureGroup> groups, Vocabulary vocabulary)
        : base(vocabulary.Layout)
    {
        (_tokenizer, _groups, _vocabulary) = (tokenizer, groups, vocabulary);
        _ids = [.. groups.Select((group, g) => vocabulary.HashBits[g] > 0
            ? new FeatureIds(group, new FeatureHash(g, vocabulary.HashBits[g]))
            : new FeatureIds(group, TableOf(vocabulary.Groups[g]), adds: false))];
        _counts = [.. vocabulary.Groups.Select(features => new int[features.Count])];
    }

    /// <summary>Appends one document, given as UTF-8.</summary>
    public override void Add(ReadOnlySpan<byte> row)
    {
        _tokens.Clear();
        _tokenizer.Split(row, _tokens);
        for (var g = 0; g < _groups.Count; g++)
        {
            var ids = _ids[g].Of(_tokens);
            if (_touched.Length < ids.Length)
                _touched = new int[2 * ids.Length];
            if (_vocabulary.HashBits[g] > 0)
                AppendSorted(g, ids);
            else
                AppendCounted(g, ids);
        }
        EndRow();
    }

    /// <summary>Counts in a table over all features.</summary>
    private void AppendCounted(int group, ReadOnlySpan<int> ids)
    {
        var (counts, distinct) = (_counts[group], 0);
        foreach (var id in ids)
        {
            if (counts[id]++ == 0)
                _touched[distinct++] = id;
        }
        var touched = _touched.AsSpan(0, distinct);
        var (first, kind) = (_vocabulary.Layout.Maps[group].FirstInput, _groups[group].Counts);
        touched.Sort();
        Reserve(distinct);
        foreach (var id in touched)
        {
            Append(first + id, counts[id], kind);
            counts[id] = 0;
        }
    }

    /// <summary>Counts by sorting: buckets may be far more than a row has features.</summary>
    private void AppendSorted(int group, ReadOnlySpan<int> ids)
    {
        var sorted = _touched.AsSpan(0, ids.Length);
        var (first, kind) = (_vocabulary.Layout.Maps[group].FirstInput, _groups[group].Counts);
        ids.CopyTo(sorted);
        sorted.Sort();
        Reserve(ids.Length);
        for (int from = 0, end; from < sorted.Length; from = end)
        {
            for (end = from + 1; end < sorted.Length && sorted[end] == sorted[from];)
                end++;
            Append(first + sorted[from], end - from, kind);
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
