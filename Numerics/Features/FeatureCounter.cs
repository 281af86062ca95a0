using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>The vocabulary pass over some documents. Belongs to one thread.</summary>
/// <param name="tokenizer">Splits the texts.</param>
/// <param name="groups">The groups; of those that are null the features are not counted, and their lists are empty.</param>
public sealed class FeatureCounter(Tokenizer tokenizer, IReadOnlyList<FeatureGroup?> groups) : IDocumentCounter
{
    private readonly TokenBuffer _tokens = new();
    private readonly Group?[] _groups = [.. groups.Select(group => group is null ? null : new Group(group, new TokenTable()))];
    private int _row;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> row)
    {
        _tokens.Clear();
        tokenizer.Split(row, _tokens);
        _row++;
        foreach (var group in _groups)
            group?.Add(_tokens, _row);
    }

    /// <inheritdoc/>
    public FeatureList[] ToLists() => [.. _groups.Select(group => group?.ToList() ?? FeatureList.Merge([]))];

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
