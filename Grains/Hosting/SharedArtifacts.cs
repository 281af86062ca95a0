namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// What several grains of a silo read from the same artifacts, loaded once: the merged statistics of the running choice, a model under
/// evaluation. Artifacts never change, so an entry never goes stale; the few most recently used stay.
/// </summary>
public sealed class SharedArtifacts
{
    private const int Kept = 6;

    private readonly Lock _lock = new();
    private readonly List<(string Key, Task<object> Value)> _entries = [];

    /// <summary>Lets go of what begins with <paramref name="prefix"/>, but for one key.</summary>
    public void Forget(string prefix, string but)
    {
        lock (_lock)
            _entries.RemoveAll(entry => entry.Key != but && entry.Key.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>The value of a key. A load serves everyone who asks for it, so it is not cancelled with the one who began it.</summary>
    public async Task<T> GetAsync<T>(string key, Func<CancellationToken, Task<T>> load, CancellationToken cancellationToken) where T : class
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
                value = Task.Run(async () => (object)await load(CancellationToken.None), CancellationToken.None);
            }
            _entries.Add((key, value));
            if (_entries.Count > Kept)
                _entries.RemoveAt(0);
        }
        try
        {
            return (T)await value.WaitAsync(cancellationToken);
        }
        catch when (value.IsFaulted)
        {
            lock (_lock)
                _entries.RemoveAll(entry => entry.Value == value);
            throw;
        }
    }
}
