using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Documents;

/// <summary>The first pass over a file of texts: checks and hashes it, and writes its documents or, of a plain file, where they are.</summary>
internal sealed class DocumentSource : IDisposable
{
    /// <summary>A group of documents is what is read at least: so many rows or bytes, whichever come first.</summary>
    private const int GroupRows = 4096;
    private const int GroupBytes = 1 << 20;

    private readonly SourceInput _input;
    private readonly DocumentParser _parser;
    private readonly LabelCodes _labels = new();
    private readonly DocumentBuffer _group = new();
    private long _rows;
    private long _bytes;
    private int _longest;
    private long _empty;
    private long _mended;

    /// <param name="source">Format and options.</param>
    /// <param name="input">The file; disposed with this.</param>
    public DocumentSource(SourceSpecification source, SourceInput input)
    {
        _input = input;
        _parser = DocumentParser.Of(source, input.Path, new LineScanner(input.Path, input), _labels, columns: null);
    }

    /// <summary>Reads the file to its end and writes all documents.</summary>
    public DecodedSource Decode(Stream output, CancellationToken ct)
    {
        var writer = new DocumentsFileWriter(output);
        ReadGroups((_, _) => writer.WriteGroup(_group), ct);
        var columns = _parser.Columns!;
        writer.Finish(new DocumentsFileHeader(_rows, columns.HasLabels, columns.HasWeights, _labels.Names));
        return Found(columns);
    }

    /// <summary>Reads the file to its end and writes where its documents are.</summary>
    public DecodedSource Index(Stream output, CancellationToken ct)
    {
        var index = new DocumentIndex();
        ReadGroups(index.Add, ct);
        var columns = _parser.Columns!;
        index.Write(output, _parser.Offset, _rows, columns);
        return Found(columns);
    }

    public void Dispose() => _input.Dispose();

    /// <param name="take">Given the offset of a group's first document and its row, the group being in hand.</param>
    /// <param name="ct">Cancels between groups.</param>
    private void ReadGroups(Action<long, long> take, CancellationToken ct)
    {
        _parser.Start();
        var offset = _parser.Offset;
        for (var more = true; more;)
        {
            more = _parser.Next(_group, ref _mended);
            if (more) Count();
            if (_group.Count == 0 || (more && _group.Count < GroupRows && _group.Bytes < GroupBytes)) continue;
            ct.ThrowIfCancellationRequested();
            take(offset, _rows - _group.Count);
            _bytes += _group.Bytes;
            _group.Clear();
            offset = _parser.Offset;
        }
        if (_rows == 0) throw new SourceException($"{_input.Path}: no document after {_input.Decoded} bytes; expected at least one.", SourceErrors.FetchAgain);
    }

    private void Count()
    {
        var length = _group.Ends[^1] - (_group.Count > 1 ? _group.Ends[^2] : 0);
        _longest = Math.Max(_longest, length);
        if (length == 0) _empty++;
        _rows++;
    }

    private DecodedSource Found(DocumentColumns columns) => new(
        new RowShape(0, 0, 0, IsBytes: true), _rows, _labels.Sorted(), columns.HasLabels, [_input.Finish()], [], columns.Count > 0 ? columns.Label : -1)
    {
        Texts = _parser is LibsvmParser ? null : new SourceTexts(_bytes, _longest, _empty, _mended, columns.HasWeights, IndexName: null),
        Sparse = _parser is LibsvmParser sparse ? new SourceSparse(sparse.Inputs, _bytes / SparseEntry.Length, _empty, _mended, IndexName: null, _longest) : null,
        TextColumns = columns,
    };
}
