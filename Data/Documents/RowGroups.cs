namespace ExplicitCluster.Data.Documents;

/// <summary>The row groups that were read last: shards that lie in one row group read it together, or one after the other.</summary>
internal sealed class RowGroups
{
    private const int Kept = 2;

    private readonly Lock _lock = new();
    private readonly List<(int Group, Task<DocumentChunk> Rows)> _recent = [];

    /// <summary>The row group, read by whoever asks for it first; one that failed is read again by the next who asks.</summary>
    public Task<DocumentChunk> ReadAsync(int group, Func<Task<DocumentChunk>> read)
    {
        lock (_lock)
        {
            _recent.RemoveAll(known => known.Rows.IsFaulted || known.Rows.IsCanceled);
            var at = _recent.FindIndex(known => known.Group == group);
            var rows = at >= 0 ? _recent[at].Rows : Task.Run(read);
            if (at >= 0) _recent.RemoveAt(at);
            _recent.Add((group, rows));
            if (_recent.Count > Kept) _recent.RemoveAt(0);
            return rows;
        }
    }
}
