using System.Collections.Concurrent;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>Opens sources (one pass over each file that is new or has changed) and reads ranges of their rows. Safe for concurrent use.</summary>
/// <param name="store">Holds what was decoded.</param>
/// <param name="roots">The folders that files may be in; null where they may be anywhere.</param>
public sealed partial class SourceReader(IArtifactStore store, SourceRoots? roots = null)
{
    private readonly ManifestCache _cache = new(store);
    private readonly ConcurrentDictionary<string, RowsFileReader> _decoded = new(StringComparer.Ordinal);

    /// <summary>
    /// Checks, hashes and, unless its rows can be read in place, decodes a source into the store; a source whose files have the length and time
    /// they had when they were read before is not read again.
    /// </summary>
    /// <param name="source">Format, paths and reading options.</param>
    /// <param name="labelsRequired">Whether rows without labels are of no use.</param>
    /// <param name="ct">Cancels within a group of rows (1 MiB) and leaves nothing behind.</param>
    /// <exception cref="SourceException">A file is missing, damaged, outside the folders or not what the specification says.</exception>
    /// <exception cref="StoreException">The store fails.</exception>
    public async Task<SourceManifest> OpenAsync(SourceSpecification source, bool labelsRequired, CancellationToken ct)
    {
        if (source.Dataset is not null) return await OpenUploadedAsync(source, labelsRequired, ct);
        var layout = SourceLayout.Of(source, labelsRequired);
        roots?.Check(layout.Paths);
        if (await _cache.FindAsync(layout, ct) is { } known) return Checked(known with { Specification = source }, labelsRequired);
        var started = DateTime.UtcNow;
        var manifest = await Task.Run(() => FirstPassAsync(layout, null, ct), ct);
        await _cache.StoreAsync(layout, manifest, started, ct);
        return Checked(manifest, labelsRequired);
    }

    /// <summary>Forgets what the store remembers of a local source whose file goes away.</summary>
    public Task ForgetAsync(SourceSpecification source, CancellationToken ct) => _cache.ForgetAsync(SourceLayout.Of(source, labelsRequired: false), ct);

    /// <summary>
    /// What can be told of a source without reading its rows; removed rows are not in it. Of a delimited file that was not opened before it is an estimate from its first
    /// lines; null where those tell nothing.
    /// </summary>
    /// <exception cref="SourceException">A file is missing, or its header is damaged or not what the specification says.</exception>
    public async Task<SourceOutline?> OutlineAsync(SourceSpecification source, CancellationToken ct)
    {
        var removed = source.Removed.Sum(rows => rows.Last - rows.First + 1);
        return await OutlineOfAllAsync(source, ct) is { } outline ? outline with { Rows = Math.Max(1, outline.Rows - removed) } : null;
    }

    private async Task<SourceOutline?> OutlineOfAllAsync(SourceSpecification source, CancellationToken ct)
    {
        if (source.Dataset is not null) return OutlineOf(await OpenUploadedAsync(source, labelsRequired: false, ct));
        var layout = SourceLayout.Of(source, labelsRequired: false);
        roots?.Check(layout.Paths);
        if (await _cache.FindAsync(layout, ct) is { } known) return OutlineOf(known);
        return await Task.Run(() =>
        {
            if (source.IsText || source.IsSparse) return null;
            if (source.Format != SourceFormat.Idx) return DelimitedEstimate.Of(layout.Paths[0], source);
            using var idx = IdxSource.Open(layout.Paths[0], layout.Paths.Length > 1 ? layout.Paths[1] : null);
            return idx.Outline(ct);
        }, ct);
    }

    /// <summary>Reads rows [firstRow, firstRow + count), into <paramref name="room"/> where they fit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the source.</exception>
    /// <exception cref="ArgumentException">The rows take more than 2 GB.</exception>
    /// <exception cref="ArtifactDamagedException">A checksum of the decoded rows is wrong.</exception>
    /// <exception cref="SourceException">A file that is read in place has changed since it was opened.</exception>
    public async Task<LabelledRows> ReadAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct, byte[]? room = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, manifest.Rows - count);
        var shape = manifest.Shape;
        if ((long)count * shape.BytesPerRow > Array.MaxLength)
            throw new ArgumentException($"{count} rows of {shape.BytesPerRow} bytes are too many to be read at once; set data.shardRows lower", nameof(count));
        if (manifest.DecodedName is null)
            roots?.Check(manifest.Files.Select(file => file.Path));
        var length = count * shape.BytesPerRow;
        var values = (room?.Length >= length ? room : GC.AllocateUninitializedArray<byte>(length)).AsMemory(0, length);
        var labels = manifest.DecodedName is { } name
            ? await ReadDecodedAsync(manifest, name, firstRow, count, values, ct)
            : InPlaceIdx.Read(manifest, firstRow, values.Span, count); // half a megabyte at a time: to change threads would take longer
        return new LabelledRows(new RawRows(shape, count, values), labels);
    }

    /// <summary>As <see cref="ReadAsync"/>, without the rows that the source's specification removes; may be none.</summary>
    public async Task<LabelledRows> ReadKeptAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct, byte[]? room = null)
    {
        var kept = KeptRows.Of(manifest, firstRow, count);
        if (kept.IsEmpty) return new LabelledRows(new RawRows(manifest.Shape, 0, Array.Empty<byte>()), []);
        // In one piece, since most of the time goes into finding and checking what was stored together.
        var all = await ReadAsync(manifest, kept[0].First, (int)(kept[^1].First + kept[^1].Count - kept[0].First), ct, room);
        if (kept.Length == 1) return all;
        var rows = (int)kept.Sum(range => range.Count);
        var width = manifest.Shape.BytesPerRow;
        var values = GC.AllocateUninitializedArray<byte>(rows * width);
        var labels = new int[all.Labels.Length == 0 ? 0 : rows];
        var at = 0;
        foreach (var range in kept)
        {
            var (from, length) = ((int)(range.First - kept[0].First), (int)range.Count);
            all.Rows.Bytes.Slice(from * width, length * width).CopyTo(values.AsSpan(at * width));
            if (labels.Length > 0) all.Labels.AsSpan(from, length).CopyTo(labels.AsSpan(at));
            at += length;
        }
        return new LabelledRows(new RawRows(manifest.Shape, rows, values), labels);
    }

    /// <summary>
    /// Where a value comes from, for messages about values: <c>file.csv line 17 column 'width'</c> (lines from 1), or
    /// <c>train-images-idx3-ubyte.gz image 17 pixel (3, 4)</c> (image, pixel row and pixel column from 0).
    /// </summary>
    /// <param name="manifest">The source.</param>
    /// <param name="row">Row from 0 within the source.</param>
    /// <param name="column">Value from 0 within the row.</param>
    public static string Describe(SourceManifest manifest, long row, int column)
    {
        var path = manifest.Files.Length > 0 ? manifest.Files[0].Path : manifest.Id;
        if (manifest.IsText || manifest.Sparse is not null) return DescribeText(manifest, row);
        if (manifest.Shape.IsImage) return $"{path} image {row} pixel ({column / manifest.Width}, {column % manifest.Width})";
        var line = row + (manifest.Specification.Header ? 2 : 1);
        if (column < manifest.ColumnNames.Length) return $"{path} line {line} column {Excerpt.Of(manifest.ColumnNames[column])}";
        return $"{path} line {line} column {(manifest.LabelIndex >= 0 && column >= manifest.LabelIndex ? column + 1 : column)}";
    }

    private static SourceManifest Checked(SourceManifest manifest, bool labelsRequired) => labelsRequired && !manifest.HasLabels
        ? throw new SourceException($"{manifest.Files[0].Path}: no line has a label; expected labels to learn from or to compare with.", "Name the labels in the specification, or use a file that has them.")
        : KeptRows.Check(manifest);

    private static SourceOutline OutlineOf(SourceManifest manifest) => new(manifest.Shape, manifest.Rows, manifest.Labels.Length);

    /// <param name="layout">The source.</param>
    /// <param name="upload">Told of decoded bytes where all rows must go into the store; null where rows that can be read in place stay there.</param>
    /// <param name="ct">Cancels between groups of rows.</param>
    private async Task<SourceManifest> FirstPassAsync(SourceLayout layout, IProgress<long>? upload, CancellationToken ct)
    {
        var (source, path) = (layout.Specification, layout.Paths[0]);
        // A source is opened anew by what writes it, since a store may ask for the content again.
        if (source.Format == SourceFormat.Idx)
        {
            using var idx = OpenIdx();
            return idx.NeedsDecoding || upload is not null
                ? await WriteAsync(layout, WriteIdx, decoded: true, upload, ct)
                : layout.Manifest(idx.Read(output: null, ct), decoded: false);
        }
        if (source.Format == SourceFormat.Parquet)
            return await WriteAsync(layout, output => ParquetSource.ReadAsync(source, path, output, upload is not null, ct), upload is not null, upload, ct);
        if (!source.IsText && !source.IsSparse) return await WriteAsync(layout, WriteTable, decoded: true, upload, ct);
        bool decode;
        using (var input = SourceInput.Open(path)) decode = upload is not null || input.IsCompressed;
        return await WriteAsync(layout, WriteTexts, decode, upload, ct);

        IdxSource OpenIdx() => IdxSource.Open(path, layout.Paths.Length > 1 ? layout.Paths[1] : null);

        DecodedSource WriteIdx(Stream output)
        {
            using var again = OpenIdx();
            return again.Read(output, ct);
        }

        DecodedSource WriteTable(Stream output)
        {
            using var table = DelimitedSource.Open(path, source.Format == SourceFormat.Csv ? ',' : '\t', source.Header);
            return table.Read(output, source.LabelColumn, ct);
        }

        DecodedSource WriteTexts(Stream output)
        {
            using var texts = new DocumentSource(source, SourceInput.Open(path));
            return decode ? texts.Decode(output, ct) : texts.Index(output, ct);
        }
    }

    private Task<SourceManifest> WriteAsync(
        SourceLayout layout, Func<Stream, DecodedSource> write, bool decoded, IProgress<long>? upload, CancellationToken ct) =>
        WriteAsync(layout, output => Task.FromResult(write(output)), decoded, upload, ct);

    private async Task<SourceManifest> WriteAsync(
        SourceLayout layout, Func<Stream, Task<DecodedSource>> write, bool decoded, IProgress<long>? upload, CancellationToken ct)
    {
        SourceManifest? manifest = null;
        // Rows decoded before from the same content are replaced by the same bytes, or, were they damaged, by good ones.
        await store.WriteStagedAsync("datasets", async (stream, _) =>
        {
            manifest = layout.Manifest(await write(upload is null ? stream : new CountedStream(stream, upload)), decoded);
            return (manifest.DecodedName ?? manifest.IndexName)!;
        }, WriteCondition.Always, ct);
        return manifest!;
    }

    private async Task<int[]> ReadDecodedAsync(SourceManifest manifest, string name, long firstRow, int count, Memory<byte> values, CancellationToken ct)
    {
        if (!_decoded.TryGetValue(name, out var file)) _decoded[name] = file = await RowsFileReader.OpenAsync(store, name, ct);
        if (file.Header.Rows != manifest.Rows || file.Header.BytesPerRow != manifest.Shape.BytesPerRow || file.Header.HasLabels != manifest.HasLabels)
        {
            throw new ArtifactDamagedException(
                name, "its footer", $"{manifest.Rows} rows of {manifest.Shape.BytesPerRow} bytes", $"{file.Header.Rows} rows of {file.Header.BytesPerRow} bytes");
        }
        var codes = new int[manifest.HasLabels ? count : 0];
        await file.ReadAsync(firstRow, count, values, codes, ct);
        var indices = file.Header.LabelNames.Select(label => manifest.Labels.AsSpan().BinarySearch(label, StringComparer.Ordinal)).ToArray();
        for (var i = 0; i < codes.Length; i++) codes[i] = indices[codes[i]];
        return codes;
    }
}
