using System.Buffers;
using System.Buffers.Binary;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Documents;

/// <summary>
/// Where the documents of a plain file are: <c>datasets/ID/index</c>, a footer (<see cref="FileFooter"/>) and nothing before it. Entries, 16 bytes a group of documents:
/// int64 offset in the file of the first, int64 its row. The header says where the last ends and what the columns are.
/// </summary>
internal sealed class DocumentIndex
{
    private const int Version = 1;
    private const int EntryLength = 2 * sizeof(long);
    private const int MaxRead = 1 << 30;

    private readonly List<long> _offsets = [];
    private readonly List<long> _rows = [];

    private static ReadOnlyMemory<byte> Magic { get; } = "EXPLLINE"u8.ToArray();

    private DocumentColumns? _columns;

    public void Add(long offset, long row)
    {
        _offsets.Add(offset);
        _rows.Add(row);
    }

    /// <param name="output">The artifact.</param>
    /// <param name="end">Offset behind the last document.</param>
    /// <param name="rows">Documents.</param>
    /// <param name="columns">Where text, label and weight are.</param>
    public void Write(Stream output, long end, long rows, DocumentColumns columns)
    {
        var entries = new ArrayBufferWriter<byte>(_offsets.Count * EntryLength + 1);
        for (var group = 0; group < _offsets.Count; group++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(entries.GetSpan(EntryLength), _offsets[group]);
            BinaryPrimitives.WriteInt64LittleEndian(entries.GetSpan(EntryLength)[8..], _rows[group]);
            entries.Advance(EntryLength);
        }
        FileFooter.Write(output, 0, entries.WrittenSpan, new Header(end, rows, columns), Magic.Span, Version);
    }

    /// <exception cref="ArtifactDamagedException">It is damaged.</exception>
    public static async Task<DocumentIndex> OpenAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        var footer = await FileFooter.ReadAsync(store, name, Magic, Version, ct);
        var header = footer.HeaderAs<Header>();
        var index = new DocumentIndex { _columns = header.Columns };
        for (var at = 0; at < footer.Entries.Length; at += EntryLength)
        {
            var entry = footer.Entries.Span.Slice(at, EntryLength);
            index.Add(BinaryPrimitives.ReadInt64LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
        }
        // Where a group after the last would begin.
        index.Add(header.End, header.Rows);
        return index;
    }

    /// <summary>Reads rows [first, first + count) of the file in place.</summary>
    /// <exception cref="SourceException">The file has changed since the manifest was made.</exception>
    /// <exception cref="ArgumentException">They are more than 1 GiB.</exception>
    /// <remarks>Row groups of a Parquet file are read as a whole, and some are kept in <paramref name="groups"/>.</remarks>
    public async Task<DocumentChunk> ReadAsync(SourceManifest manifest, long first, int count, RowGroups groups, CancellationToken ct)
    {
        if (count == 0) return new DocumentChunk([], [], [], null);
        return manifest.Specification.Format == SourceFormat.Parquet
            ? await ReadGroupsAsync(manifest, first, count, groups, ct)
            : await Task.Run(() => ReadLines(manifest, first, count), ct);
    }

    private DocumentChunk ReadLines(SourceManifest manifest, long first, int count)
    {
        var (from, to) = (GroupOf(first), GroupOf(first + count - 1) + 1);
        var length = _offsets[to] - _offsets[from];
        if (length > MaxRead) throw new ArgumentException($"{count} rows of {length} bytes are too many to be read at once; set data.shardRows lower", nameof(count));
        var part = GC.AllocateUninitializedArray<byte>((int)length);
        InPlaceFile.Read(manifest.Files[0], _offsets[from], part);
        var path = manifest.Files[0].Path;
        var labels = LabelCodes.Of(manifest.Labels);
        var parser = DocumentParser.Of(manifest.Specification, path, new LineScanner(path, part, isStart: _offsets[from] == 0), labels, _columns);
        var rows = new DocumentBuffer(part.Length);
        var mended = 0L;
        for (var skip = first - _rows[from]; skip > 0 && parser.Next(rows, ref mended); skip--) rows.Clear();
        while (rows.Count < count)
        {
            if (!parser.Next(rows, ref mended)) throw SourceErrors.Changed(path);
        }
        return labels.Count == manifest.Labels.Length ? rows.ToChunk() : throw SourceErrors.Changed(path);
    }

    private async Task<DocumentChunk> ReadGroupsAsync(SourceManifest manifest, long first, int count, RowGroups groups, CancellationToken ct)
    {
        var rows = new DocumentBuffer();
        for (var group = GroupOf(first); rows.Count < count; group++)
        {
            var number = (int)_offsets[group];
            // Not cancelled: others may wait for it.
            var documents = await groups.ReadAsync(manifest.Id, number, () => ReadGroupAsync(manifest, number)).WaitAsync(ct);
            if (documents.Count != _rows[group + 1] - _rows[group]) throw SourceErrors.Changed(manifest.Files[0].Path);
            var skip = (int)Math.Max(0, first - _rows[group]);
            rows.Append(documents.Slice(skip, Math.Min(documents.Count - skip, count - rows.Count)));
        }
        return rows.ToChunk();
    }

    private static async Task<DocumentChunk> ReadGroupAsync(SourceManifest manifest, int group)
    {
        var file = manifest.Files[0];
        InPlaceFile.CheckUnchanged(file);
        var labels = LabelCodes.Of(manifest.Labels);
        await using var parquet = await ParquetDocuments.OpenAsync(manifest.Specification, file.Path, labels, CancellationToken.None);
        var rows = (await parquet.ReadAsync(group, CancellationToken.None)).Rows;
        InPlaceFile.CheckUnchanged(file);
        return labels.Count == manifest.Labels.Length ? rows : throw SourceErrors.Changed(file.Path);
    }

    private int GroupOf(long row)
    {
        var found = _rows.BinarySearch(row);
        return found >= 0 ? found : ~found - 1;
    }

    private sealed record Header(long End, long Rows, DocumentColumns Columns);
}
