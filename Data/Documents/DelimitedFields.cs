using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>The fields of one record of a delimited file; a quoted field may hold delimiters and line ends, and quotes written twice.</summary>
internal sealed class DelimitedFields(string path, byte delimiter)
{
    private const byte Quote = (byte)'"';

    private readonly List<(int Start, int End, bool HasQuotes)> _fields = [];
    private LineScanner? _lines;

    public int Count => _fields.Count;

    /// <summary>Takes the fields of the scanner's line, and of further lines where a quoted field goes on there.</summary>
    /// <exception cref="SourceException">A quoted field is not closed, or goes on behind its closing quote.</exception>
    public void Parse(LineScanner lines)
    {
        _lines = lines;
        _fields.Clear();
        for (var at = 0; ;)
        {
            var line = lines.Line;
            if (at < line.Length && line[at] == Quote)
            {
                at = TakeQuoted(lines, at);
            }
            else
            {
                var end = line[at..].IndexOf(delimiter);
                end = end < 0 ? line.Length : at + end;
                _fields.Add((at, end, false));
                at = end;
            }
            if (at == lines.Line.Length) return;
            at++;
        }
    }

    /// <summary>A field as it stands in the file, without the quotes around it.</summary>
    public ReadOnlySpan<byte> Raw(int index) => _lines!.Line[_fields[index].Start.._fields[index].End];

    public void AppendTo(int index, DocumentBuffer buffer)
    {
        var rest = Raw(index);
        while (_fields[index].HasQuotes && rest.IndexOf(Quote) is >= 0 and var at)
        {
            buffer.Append(rest[..(at + 1)]);
            rest = rest[(at + 2)..];
        }
        buffer.Append(rest);
    }

    /// <summary>A field with quotes written once.</summary>
    public ReadOnlySpan<byte> Value(int index)
    {
        if (!_fields[index].HasQuotes) return Raw(index);
        var raw = Raw(index);
        var value = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            value[length++] = raw[i];
            if (raw[i] == Quote) i++;
        }
        return value.AsSpan(0, length);
    }

    /// <summary>Where the field ends that begins with the quote at <paramref name="start"/>: behind its closing quote.</summary>
    private int TakeQuoted(LineScanner lines, int start)
    {
        var hasQuotes = false;
        for (var at = start + 1; ;)
        {
            var found = lines.Line[at..].IndexOf(Quote);
            if (found < 0)
            {
                at = lines.Line.Length;
                if (!lines.Extend()) throw Unclosed();
                continue;
            }
            at += found;
            if (at + 1 < lines.Line.Length && lines.Line[at + 1] == Quote)
            {
                hasQuotes = true;
                at += 2;
                continue;
            }
            _fields.Add((start + 1, at, hasQuotes));
            return at + 1 == lines.Line.Length || lines.Line[at + 1] == delimiter ? at + 1 : throw Unclosed();
        }

        SourceException Unclosed() => new(
            $"{path} line {lines.Number}: a quoted field is not closed or goes on after its closing quote; expected a delimiter after it.",
            "Close the quote; a quote within a quoted field is written twice.");
    }
}
