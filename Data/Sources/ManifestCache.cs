using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Sources;

/// <summary>Remembers manifests by path and options (<c>manifests/HASH.json</c>), so that an unchanged file is not read again.</summary>
internal sealed class ManifestCache(IArtifactStore store)
{
    /// <summary>
    /// A file written this shortly before it was read could be written again without its time changing (file times are coarse); it is read again next time.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>The manifest made before, if files and decoded rows are as they were.</summary>
    public async Task<SourceManifest?> FindAsync(SourceLayout layout, CancellationToken ct)
    {
        if (await FindEntryAsync(layout, ct) is not { } entry) return null;
        var manifest = entry.Manifest;
        foreach (var file in manifest.Files)
        {
            if (SourceInput.Stamp(file.Path) is not { } now || now.Length != file.Length || now.Modified != file.Modified) return null;
            if (entry.Started.Ticks - file.Modified < Settled.Ticks) return null;
        }
        return (manifest.DecodedName ?? manifest.IndexName) is not { } needed || await store.StatAsync(needed, ct) is not null ? manifest : null;
    }

    /// <summary>Forgets a source of whose file nothing will be read again, and where its rows are in it.</summary>
    public async Task ForgetAsync(SourceLayout layout, CancellationToken ct)
    {
        if (await FindEntryAsync(layout, ct) is { } entry && entry.Manifest.IndexName is { } index) await store.DeleteAsync(index, ct);
        await store.DeleteAsync(NameOf(layout), ct);
    }

    public Task StoreAsync(SourceLayout layout, SourceManifest manifest, DateTime started, CancellationToken ct) =>
        JsonArtifact.WriteAsync(store, NameOf(layout), new Entry(started, manifest), null, WriteCondition.Always, ct);

    private async Task<Entry?> FindEntryAsync(SourceLayout layout, CancellationToken ct)
    {
        try
        {
            return (await JsonArtifact.ReadAsync<Entry>(store, NameOf(layout), null, ct))?.Value;
        }
        catch (ArtifactDamagedException)
        {
            // Nothing is lost: the source is read again and the entry written anew.
            return null;
        }
    }

    private static string NameOf(SourceLayout layout) => $"manifests/{layout.CacheKey}.json";

    private sealed record Entry(DateTime Started, SourceManifest Manifest);
}
