using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A store that counts the bytes read by range, by the first segment of the name, and passes everything on.</summary>
public sealed class CountingStore(IArtifactStore inner) : IArtifactStore
{
    private readonly Dictionary<string, long> _read = [];

    /// <summary>Called before each write with the artifact's name; may block or throw.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    public long BytesRead(string folder)
    {
        lock (_read)
            return _read.GetValueOrDefault(folder);
    }

    public Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct) => inner.StatAsync(name, ct);

    public Task<Artifact?> ReadAsync(string name, CancellationToken ct) => inner.ReadAsync(name, ct);

    public Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct)
    {
        lock (_read)
            _read[name.Split('/')[0]] = _read.GetValueOrDefault(name.Split('/')[0]) + destination.Length;
        return inner.ReadRangeAsync(name, offset, destination, ct);
    }

    public async Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct)
    {
        if (BeforeWrite is { } before)
            await before(name);
        return await inner.WriteAsync(name, write, condition, ct);
    }

    public Task<string> WriteStagedAsync(string folder, Func<Stream, CancellationToken, Task<string>> write, WriteCondition condition, CancellationToken ct) =>
        inner.WriteStagedAsync(folder, write, condition, ct);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public Task DeleteAsync(string name, CancellationToken ct) => inner.DeleteAsync(name, ct);
}
