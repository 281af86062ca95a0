using System.Buffers.Binary;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using Parquet;

namespace ExplicitCluster.Data.Documents;

/// <summary>Reads row groups of a Parquet file. Whatever the library throws on a damaged file becomes one line.</summary>
internal sealed class ParquetDocuments : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ParquetReader _reader;
    private readonly ParquetColumn _text;
    private readonly ParquetColumn? _label;
    private readonly ParquetColumn? _weight;
    private readonly LabelText _labels;

    private ParquetDocuments(SourceSpecification source, string path, FileStream file, ParquetReader reader, LabelCodes labels)
    {
        (_path, _file, _reader, _labels) = (path, file, reader, new LabelText(labels));
        _text = Find(source.TextColumn ?? "text", "text", isRequired: true)!;
        _label = Find(source.LabelColumn ?? "label", "label", source.LabelColumn is not null);
        _weight = Find(source.WeightColumn ?? "weight", "weight", source.WeightColumn is not null);
        Columns = new DocumentColumns(reader.Schema.DataFields.Length, _text.Index, _label?.Index ?? -1, _weight?.Index ?? -1);
    }

    public DocumentColumns Columns { get; }

    /// <summary>Row groups.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <exception cref="SourceException">It is no Parquet file, or lacks a column.</exception>
    public static async Task<ParquetDocuments> OpenAsync(SourceSpecification source, string path, LabelCodes labels, CancellationToken ct)
    {
        var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
        try
        {
            CheckMarks(path, file);
            return await Guarded(path, "the footer", async () =>
            {
                var reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: ct);
                return new ParquetDocuments(source, path, file, reader, labels);
            });
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The documents of a row group, and how many of them had bytes that are no UTF-8.</summary>
    public async Task<(DocumentChunk Rows, long Mended)> ReadAsync(int group, CancellationToken ct)
    {
        var where = $"row group {group}";
        var (texts, labels, weights) = await Guarded(_path, where, async () =>
        {
            using var reader = _reader.OpenRowGroupReader(group);
            if (reader.RowCount is < 0 or > SourceLimits.MaxGroupRows)
                throw new SourceException($"{_path}: {where} has {reader.RowCount} rows; expected at most {SourceLimits.MaxGroupRows}.", "Write the file with smaller row groups.");
            var rows = (int)reader.RowCount;
            foreach (var column in new[] { _text, _label, _weight })
            {
                if (column is not null) ParquetPages.Check(_file, reader.GetMetadata(_reader.Schema.DataFields[column.Index])!.MetaData!, rows);
            }
            return (await _text.ReadAsync(reader, rows, ct), _label is null ? null : await _label.ReadAsync(reader, rows, ct), _weight is null ? null : await _weight.ReadAsync(reader, rows, ct));
        });
        var buffer = new DocumentBuffer();
        var mended = 0L;
        for (var row = 0; row < texts.Length; row++)
        {
            buffer.Append(texts[row] ?? throw Bad(_text, row, "null", "a text"));
            if (buffer.EndRow(labels is null ? -1 : LabelOf(labels[row], row), weights is null ? float.NaN : WeightOf(weights[row], row))) mended++;
        }
        return (buffer.ToChunk(), mended);

        int LabelOf(byte[]? label, int row)
        {
            var (code, seen, expected) = label is null ? (-1, "null", "a label") : _labels.CodeOf(label);
            return code >= 0 ? code : throw Bad(_label!, row, seen, expected);
        }

        float WeightOf(byte[]? weight, int row)
        {
            var (number, seen, expected) = weight is null ? (float.NaN, "null", "a number of 0 or more") : LabelText.NumberOf(weight);
            return float.IsNaN(number) ? throw Bad(_weight!, row, seen, expected) : number;
        }

        SourceException Bad(ParquetColumn column, int row, string seen, string expected) =>
            new($"{_path}: {where} row {row} column {Excerpt.Of(column.Name)}: {seen}; expected {expected}.", "Correct the file.");
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static void CheckMarks(string path, FileStream file)
    {
        Span<byte> mark = stackalloc byte[4];
        var read = file.ReadAtLeast(mark, 4, throwOnEndOfStream: false);
        if (!mark[..read].SequenceEqual("PAR1"u8))
            throw new SourceException($"{path}: byte 0: {Excerpt.Of(mark[..read])} is not the start of a Parquet file; expected 'PAR1'.", "Check the path and the format.");
        Span<byte> end = stackalloc byte[8];
        if (file.Length < 12) throw new SourceException($"{path}: byte {file.Length}: the file ends; expected the footer of a Parquet file.", SourceErrors.FetchAgain);
        file.Seek(-8, SeekOrigin.End);
        file.ReadExactly(end);
        if (!end[4..].SequenceEqual("PAR1"u8))
            throw new SourceException($"{path}: byte {file.Length - 4}: {Excerpt.Of(end[4..])} is not the end of a Parquet file; expected 'PAR1'.", SourceErrors.FetchAgain);
        var footer = BinaryPrimitives.ReadInt32LittleEndian(end);
        if (footer <= 0 || footer > file.Length - 12)
            throw new SourceException($"{path}: byte {file.Length - 8}: a footer of {footer} bytes; expected 1 to {file.Length - 12}.", SourceErrors.FetchAgain);
        file.Seek(-8 - footer, SeekOrigin.End);
        var metadata = new byte[footer];
        file.ReadExactly(metadata);
        try
        {
            new ThriftReader(metadata).ReadStruct(ThriftShape.File);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new SourceException($"{path}: the footer, from byte {file.Length - 8 - footer}, is damaged; expected Parquet's metadata.", SourceErrors.FetchAgain);
        }
        file.Position = 0;
    }

    private static async Task<T> Guarded<T>(string path, string where, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception error) when (error is not (SourceException or OperationCanceledException))
        {
            throw new SourceException($"{path}: {where} cannot be read ({error.GetType().Name}); expected what Parquet's format says.", SourceErrors.FetchAgain);
        }
    }

    private ParquetColumn? Find(string name, string role, bool isRequired)
    {
        var fields = _reader.Schema.DataFields;
        var index = Array.FindIndex(fields, field => field.Path.ToString() == name);
        if (index >= 0)
        {
            return ParquetColumn.Of(fields[index], index) ?? throw new SourceException(
                $"{_path}: the {role} column {Excerpt.Of(name)} holds {fields[index].ClrType.Name}{(fields[index].IsArray ? " lists" : "")}; expected text or numbers.", $"Set {role} to a column of them.");
        }
        if (!isRequired) return null;
        var known = string.Join(", ", fields.Take(8).Select(field => Excerpt.Of(field.Path.ToString()))) + (fields.Length > 8 ? ", ..." : "");
        throw new SourceException($"{_path}: there is no {role} column {Excerpt.Of(name)}; expected one of {known}.", $"Set {role} to one of the file's columns.");
    }
}
