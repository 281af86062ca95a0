using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Sources;

/// <summary>
/// Sources that were uploaded: all rows decoded in <c>datasets/ID/rows</c>, with what the pass found beside them in <c>datasets/ID/manifest.json</c>.
/// The id is that of the files' contents, so that shards and sums are those of a run on the files themselves.
/// </summary>
public sealed partial class SourceReader
{
    private const int IdLength = 64;

    /// <summary>Reads a source as <see cref="OpenAsync"/> does and puts all its rows into the store, those of plain IDX files as well.</summary>
    /// <param name="source">Format, paths and reading options.</param>
    /// <param name="labelsRequired">Whether rows without labels are of no use.</param>
    /// <param name="progress">Told of decoded bytes written so far.</param>
    /// <param name="ct">Cancels between groups of rows and leaves nothing behind.</param>
    /// <returns>The manifest; its specification names the dataset, and can be opened wherever the store can.</returns>
    /// <exception cref="SourceException">A file is missing, damaged or not what the specification says.</exception>
    /// <exception cref="StoreException">The store fails.</exception>
    public async Task<SourceManifest> UploadAsync(SourceSpecification source, bool labelsRequired, IProgress<long> progress, CancellationToken ct)
    {
        if (source.Dataset is not null) return await OpenUploadedAsync(source, labelsRequired, ct);
        var layout = SourceLayout.Of(source, labelsRequired);
        var started = DateTime.UtcNow;
        if (await _cache.FindAsync(layout, ct) is not { DecodedName: not null } manifest)
        {
            manifest = await Task.Run(() => FirstPassAsync(layout, progress, ct), ct);
            await _cache.StoreAsync(layout, manifest, started, ct);
        }
        manifest = KeptRows.Check(manifest with { Specification = source with { Dataset = manifest.Id } });
        if (await FindUploadedAsync(manifest.Id, ct) is null)
            await JsonArtifact.WriteAsync(store, ManifestNameOf(manifest.Id), manifest, null, WriteCondition.Always, ct);
        return manifest;
    }

    private static string ManifestNameOf(string id) => $"datasets/{id}/manifest.json";

    private static string NamesOf(SourceSpecification source) => source.Images ?? source.Path ?? "the source";

    private async Task<SourceManifest> OpenUploadedAsync(SourceSpecification source, bool labelsRequired, CancellationToken ct)
    {
        var id = source.Dataset!;
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigitLower))
            throw new SourceException($"{NamesOf(source)}: {Excerpt.Of(id)} is no dataset's id; expected {IdLength} hex digits.", "Train from the files themselves: they are uploaded again.");
        if (await FindUploadedAsync(id, ct) is not { } manifest)
            throw new SourceException($"The uploaded rows of {NamesOf(source)} (datasets/{id[..12]}...) are not in the store any more.", "Train again: the files are uploaded again.");
        if (labelsRequired && !manifest.HasLabels)
            throw new SourceException($"{NamesOf(source)} was uploaded without labels; expected labels to learn from or to compare with.", "Name the labels in the specification and train again.");
        return KeptRows.Check(manifest with { Specification = source });
    }

    /// <summary>The manifest, if it is whole and its rows are there.</summary>
    private async Task<SourceManifest?> FindUploadedAsync(string id, CancellationToken ct)
    {
        try
        {
            return await JsonArtifact.ReadAsync<SourceManifest>(store, ManifestNameOf(id), null, ct) is { Value: { DecodedName: { } rows } manifest }
                && manifest.Id == id && await store.StatAsync(rows, ct) is not null
                ? manifest
                : null;
        }
        catch (ArtifactDamagedException)
        {
            // As good as gone: uploading again writes it anew.
            return null;
        }
    }
}
