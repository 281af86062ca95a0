using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Testing;

/// <summary>A store in memory, for tests that write very many small artifacts.</summary>
public sealed class MemoryStore : IArtifactStore
{
    private readonly ConcurrentDictionary<string, Artifact> _artifacts = new(StringComparer.Ordinal);

    /// <summary>How often content is asked for, as a store does that lost what it was given.</summary>
    public int Calls { get; init; } = 1;

    public void Clear() => _artifacts.Clear();

    public Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct) =>
        Task.FromResult(_artifacts.TryGetValue(name, out var found) ? new ArtifactInfo(found.Content.Length, found.ETag) : null);

    public Task<Artifact?> ReadAsync(string name, CancellationToken ct) => Task.FromResult(_artifacts.GetValueOrDefault(name));

    public Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct)
    {
        if (!_artifacts.TryGetValue(name, out var found)) throw new ArtifactMissingException(name);
        found.Content.AsMemory((int)offset, destination.Length).CopyTo(destination);
        return Task.CompletedTask;
    }

    public Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct) =>
        WriteStagedAsync("", async (stream, token) =>
        {
            await write(stream, token);
            return name;
        }, condition, ct);

    /// <summary>Of conditions only "always" is known.</summary>
    public async Task<string> WriteStagedAsync(string folder, Func<Stream, CancellationToken, Task<string>> write, WriteCondition condition, CancellationToken ct)
    {
        if (condition != WriteCondition.Always) throw new NotSupportedException($"The condition {condition} is not known here.");
        using var content = new MemoryStream();
        var name = "";
        for (var call = 0; call < Calls; call++)
        {
            content.SetLength(0);
            name = await write(content, ct);
        }
        var etag = Guid.NewGuid().ToString("N");
        _artifacts[name] = new Artifact(content.ToArray(), etag);
        return etag;
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (var name in _artifacts.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)) yield return name;
    }

    public Task DeleteAsync(string name, CancellationToken ct)
    {
        _artifacts.TryRemove(name, out _);
        return Task.CompletedTask;
    }
}
