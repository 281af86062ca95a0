namespace ExplicitCluster.Data.Documents;

/// <summary>The row groups that were read last: shards that lie in one row group read it together, or one after the other.</summary>
internal sealed class RowGroups
{
    private const int Kept = 4;

    private readonly Lock _lock = new();
    private readonly List<(string Source, int Group, Task<DocumentChunk> Rows)> _recent = [];

    /// <summary>A row group of a source, by its id, read by whoever asks for it first; one that failed is read again by the next who asks.</summary>
    public Task<DocumentChunk> ReadAsync(string source, int group, Func<Task<DocumentChunk>> read)
    {
        lock (_lock)
        {
            _recent.RemoveAll(known => known.Rows.IsFaulted || known.Rows.IsCanceled);
            var at = _recent.FindIndex(known => known.Source == source && known.Group == group);
            var rows = at >= 0 ? _recent[at].Rows : Task.Run(read);
            if (at >= 0) _recent.RemoveAt(at);
            _recent.Add((source, group, rows));
            if (_recent.Count > Kept) _recent.RemoveAt(0);
            return rows;
        }
    }
}
