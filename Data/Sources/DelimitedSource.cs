using System.Text;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Numerics.Encodings;
using Sylvan.Data.Csv;

namespace ExplicitCluster.Data.Sources;

/// <summary>The one pass over a delimited file: checks, hashes and decodes it into float32 rows. Lines count from 1, columns from 0.</summary>
internal sealed class DelimitedSource : IDisposable
{
    // Never a comment in practice; a line that starts with it is refused.
    private const char NoComment = '\uffff';

    private readonly SourceInput _input;
    private readonly bool _header;
    private readonly CsvDataReader _reader;
    private DelimitedColumns? _columns;
    private long _line;

    private DelimitedSource(SourceInput input, char delimiter, bool header)
    {
        _input = input;
        _header = header;
        // Bytes that are no UTF-8 become U+FFFD, which every check of a field refuses with its line and column.
        var text = new StreamReader(input, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, 1 << 16);
        if (text.Peek() == '\ufeff') text.Read();
        _reader = CsvDataReader.Create(text, new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = delimiter,
            BufferSize = 1 << 16,
            MaxBufferSize = SourceLimits.MaxLine,
            Comment = NoComment,
            CommentHandler = new Action<string>(_ => throw Bad(_line, "the line starts with U+FFFF", "a number or a name")),
        });
    }

    public static DelimitedSource Open(string path, char delimiter, bool header)
    {
        var input = SourceInput.Open(path);
        var source = default(DelimitedSource);
        try
        {
            return source = new DelimitedSource(input, delimiter, header);
        }
        catch (CsvFormatException error)
        {
            throw Unreadable(path, 1, error);
        }
        finally
        {
            if (source is null) input.Dispose();
        }
    }

    /// <summary>Reads the file to its end.</summary>
    /// <param name="output">Where the decoded rows go.</param>
    /// <param name="labelColumn">Name, or index from 0, of the label column; null without labels.</param>
    /// <param name="ct">Cancels between lines.</param>
    public DecodedSource Read(Stream output, string? labelColumn, CancellationToken ct)
    {
        if (!Next()) throw Bad(1, "no line with data", "a header or numbers");
        _columns = DelimitedColumns.Of(_input.Path, FieldsOf(_reader), _header, labelColumn);
        var writer = new RowsFileWriter(output, _columns.Values * sizeof(float), _columns.Label >= 0);
        var labels = new LabelCodes();
        var row = new DelimitedRow(_input.Path, _columns, labels);
        var buffered = 0;
        for (var more = !_header || Next(); more; more = Next())
        {
            if (IsBlank)
            {
                CheckOnlyBlankLinesFollow();
                break;
            }
            row.Decode(_reader, _line, writer, buffered++);
            if (buffered < writer.GroupRows) continue;
            ct.ThrowIfCancellationRequested();
            writer.WriteGroup(buffered);
            buffered = 0;
        }
        if (buffered > 0) writer.WriteGroup(buffered);
        if (writer.Rows == 0) throw Bad(_line, "a header and no line after it", "at least one line of numbers");
        writer.Finish(labels.Names);
        return new DecodedSource(
            RowShape.Table(_columns.Values), writer.Rows, labels.Sorted(), _columns.Label >= 0, [_input.Finish()], _columns.ValueNames, _columns.Label);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _input.Dispose();
    }

    private bool IsBlank => _reader.RowFieldCount <= 1 && _reader.GetRawRecordSpan().Trim().IsEmpty;

    private static string[] FieldsOf(CsvDataReader reader)
    {
        if (reader.RowFieldCount > SourceLimits.MaxColumns + 1) return new string[reader.RowFieldCount];
        var fields = new string[reader.RowFieldCount];
        for (var i = 0; i < fields.Length; i++) fields[i] = reader.GetFieldSpan(i).ToString();
        return fields;
    }

    private static SourceException Unreadable(string path, long line, CsvFormatException error) => error switch
    {
        CsvRecordTooLargeException => new(
            $"{path} line {line}: longer than {SourceLimits.MaxLine} characters; expected a shorter line.", "Look for a quote that is never closed, or a missing line end."),
        CsvInvalidCharacterException => new(
            $"{path} line {line}: a quoted field is not closed or goes on after its closing quote; expected a delimiter after it.",
            "Close the quote; a quote within a quoted field is written twice."),
        _ => new($"{path} line {line}: {error.Message}", SourceErrors.FetchAgain),
    };

    private bool Next()
    {
        _line++;
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException error)
        {
            throw Unreadable(_input.Path, _line, error);
        }
    }

    private void CheckOnlyBlankLinesFollow()
    {
        var blank = _line;
        while (Next())
        {
            if (!IsBlank) throw Bad(blank, "an empty line amid the data", $"{_columns!.Count} fields");
        }
    }

    private SourceException Bad(long line, string seen, string expected) => new(
        $"{_input.Path} line {line}: {seen}; expected {expected}.", "Correct the file.");
}
