namespace ExplicitCluster.Numerics.Features;

/// <summary>The vocabulary pass over rows that are indices and values (<see cref="IndexKey"/>): in how many rows each index has a value.</summary>
public sealed class IndexCounter : IDocumentCounter
{
    private readonly Dictionary<int, long> _rows = [];

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> row)
    {
        for (var i = 0; i < row.Length / IndexKey.PairLength; i++)
        {
            var (index, _) = IndexKey.Pair(row, i);
            _rows[index] = _rows.GetValueOrDefault(index) + 1;
        }
    }

    /// <inheritdoc/>
    public FeatureList[] ToLists()
    {
        int[] indices = [.. _rows.Keys.Order()];
        var (bytes, ends, rows) = (new byte[indices.Length * IndexKey.Length], new int[indices.Length], new long[indices.Length]);
        for (var i = 0; i < indices.Length; i++)
        {
            IndexKey.Write(indices[i], bytes.AsSpan(i * IndexKey.Length));
            (ends[i], rows[i]) = ((i + 1) * IndexKey.Length, _rows[indices[i]]);
        }
        return [new FeatureList(bytes, ends, rows)];
    }
}
