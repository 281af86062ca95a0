using System.Collections.Concurrent;
using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Sources;

/// <summary>Rows that are texts.</summary>
public sealed partial class SourceReader
{
    private readonly ConcurrentDictionary<string, DocumentsFileReader> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DocumentIndex> _indices = new(StringComparer.Ordinal);
    private readonly RowGroups _groups = new();

    /// <summary>Reads documents [firstRow, firstRow + count) of a source of texts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the source.</exception>
    /// <exception cref="ArgumentException">They are more than 1 GiB.</exception>
    /// <exception cref="ArtifactDamagedException">A checksum of what was stored is wrong.</exception>
    /// <exception cref="SourceException">A file that is read in place has changed since it was opened.</exception>
    public async Task<DocumentChunk> ReadDocumentsAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, manifest.Rows - count);
        if (manifest.IndexName is { } indexName)
        {
            roots?.Check(manifest.Files.Select(file => file.Path));
            if (!_indices.TryGetValue(indexName, out var index)) _indices[indexName] = index = await DocumentIndex.OpenAsync(store, indexName, ct);
            return await index.ReadAsync(manifest, firstRow, count, _groups, ct);
        }
        var name = manifest.DecodedName!;
        if (!_documents.TryGetValue(name, out var file)) _documents[name] = file = await DocumentsFileReader.OpenAsync(store, name, ct);
        if (file.Header.Rows != manifest.Rows || file.Header.HasLabels != manifest.HasLabels)
            throw new ArtifactDamagedException(name, "its footer", $"{manifest.Rows} documents", $"{file.Header.Rows}");
        var labelOf = file.Header.LabelNames.Select(label => manifest.Labels.AsSpan().BinarySearch(label, StringComparer.Ordinal)).ToArray();
        return await file.ReadAsync(firstRow, count, labelOf, ct);
    }

    /// <summary>As <see cref="ReadDocumentsAsync"/>, without the rows that do not count by the source's specification; may be none.</summary>
    public async Task<DocumentChunk> ReadKeptDocumentsAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct)
    {
        var kept = KeptRows.Of(manifest, firstRow, count);
        if (kept.IsEmpty) return new DocumentChunk([], [], [], null);
        var all = await ReadDocumentsAsync(manifest, kept[0].First, (int)(kept[^1].First + kept[^1].Count - kept[0].First), ct);
        return all.Take(IndicesOf(kept));
    }

    /// <summary>Reads sparse rows [firstRow, firstRow + count); otherwise as <see cref="ReadDocumentsAsync"/>.</summary>
    public async Task<SparseChunk> ReadSparseAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct) =>
        SparseChunk.Of(await ReadDocumentsAsync(manifest, firstRow, count, ct));

    /// <summary>As <see cref="ReadSparseAsync"/>, without the rows that do not count by the source's specification; may be none.</summary>
    public async Task<SparseChunk> ReadKeptSparseAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct) =>
        SparseChunk.Of(await ReadKeptDocumentsAsync(manifest, firstRow, count, ct));

    private static int[] IndicesOf(ImmutableArray<RowRange> kept) =>
        [.. kept.SelectMany(range => Enumerable.Range((int)(range.First - kept[0].First), (int)range.Count))];

    /// <summary>A line where every row is one, otherwise a row from 0.</summary>
    private static string DescribeText(SourceManifest manifest, long row)
    {
        var (source, path) = (manifest.Specification, manifest.Files.Length > 0 ? manifest.Files[0].Path : manifest.Id);
        return source.Format is SourceFormat.Jsonl || (source.Format == SourceFormat.Text && source.Document == DocumentCut.Line)
            ? $"{path} line {row + 1}"
            : $"{path} row {row}";
    }
}
