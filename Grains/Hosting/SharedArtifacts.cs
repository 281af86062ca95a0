namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// What several grains of a silo read from the same artifacts, loaded once: the merged statistics of the running choice, a model under
/// evaluation. Artifacts never change, so an entry never goes stale; the few most recently used stay.
/// </summary>
public sealed class SharedArtifacts
{
    private const int Kept = 3;

    private readonly Lock _lock = new();
    private readonly List<(string Key, Task<object> Value)> _entries = [];

    public async Task<T> GetAsync<T>(string key, Func<Task<T>> load) where T : class
    {
        Task<object> value;
        lock (_lock)
        {
            var at = _entries.FindIndex(entry => entry.Key == key);
            if (at >= 0)
            {
                value = _entries[at].Value;
                _entries.RemoveAt(at);
            }
            else
            {
                value = Task.Run(async () => (object)await load());
            }
            _entries.Add((key, value));
            if (_entries.Count > Kept)
                _entries.RemoveAt(0);
        }
        try
        {
            return (T)await value;
        }
        catch
        {
            lock (_lock)
                _entries.RemoveAll(entry => entry.Value == value);
            throw;
        }
    }
}
