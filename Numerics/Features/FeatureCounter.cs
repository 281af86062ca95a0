using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>The vocabulary pass over some documents: which features occur, and in how many rows. Belongs to one thread.</summary>
public sealed class FeatureCounter(Tokenizer tokenizer, IReadOnlyList<FeatureGroup> groups)
{
    private readonly TokenBuffer _tokens = new();
    private readonly Group[] _groups = [.. groups.Select(group => new Group(group, new TokenTable()))];
    private int _row;

    /// <summary>Counts the features of one row.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        _tokens.Clear();
        tokenizer.Split(text, _tokens);
        _row++;
        foreach (var group in _groups)
            group.Add(_tokens, _row);
    }

    /// <summary>A list a group.</summary>
    public FeatureList[] ToLists() => [.. _groups.Select(group => group.ToList())];

    private sealed class Group(FeatureGroup group, TokenTable table)
    {
        private readonly FeatureIds _ids = new(group, table, adds: true);
        private int[] _rows = new int[1 << 10];
        private int[] _lastRow = new int[1 << 10];

        public void Add(TokenBuffer tokens, int row)
        {
            var ids = _ids.Of(tokens);
            if (_rows.Length < table.Count)
            {
                Array.Resize(ref _rows, 2 * table.Count);
                Array.Resize(ref _lastRow, 2 * table.Count);
            }
            foreach (var id in ids)
            {
                if (_lastRow[id] == row)
                    continue;
                _rows[id]++;
                _lastRow[id] = row;
            }
        }

        public FeatureList ToList() => FeatureList.Sorted(table, _rows);
    }
}
