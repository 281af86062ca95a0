using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>CSV or TSV with a column of texts, and perhaps one of labels and one of weights; other columns do not count.</summary>
internal sealed class DelimitedParser : DocumentParser
{
    private readonly SourceSpecification _source;
    private readonly DelimitedFields _fields;
    private readonly LabelText _labels;
    private ImmutableArray<string> _names = [];

    public DelimitedParser(SourceSpecification source, string path, LineScanner lines, LabelCodes labels, DocumentColumns? columns, byte delimiter)
        : base(path, lines)
    {
        _source = source;
        _fields = new DelimitedFields(path, delimiter);
        _labels = new LabelText(labels);
        Columns = columns;
    }

    public override void Start()
    {
        if (!_source.Header || !Lines.Next()) return;
        _fields.Parse(Lines);
        Columns = FindColumns();
    }

    public override bool Next(DocumentBuffer buffer, ref long mended)
    {
        if (!Lines.Next()) return false;
        if (Columns is null)
        {
            _fields.Parse(Lines);
            Columns = FindColumns();
        }
        // A blank line is a record where there is but one column.
        if (Columns.Count > 1 && Lines.Line.Trim(" \t\r"u8).IsEmpty && CheckOnlyBlankLinesFollow()) return false;
        _fields.Parse(Lines);
        if (_fields.Count != Columns.Count) throw Bad(Lines.Number, "", $"{_fields.Count} fields", $"{Columns.Count} as in line 1");
        _fields.AppendTo(Columns.Text, buffer);
        if (buffer.EndRow(Columns.HasLabels ? LabelOf() : -1, Columns.HasWeights ? WeightOf() : float.NaN)) mended++;
        return true;
    }

    private int LabelOf()
    {
        var (code, seen, expected) = _labels.CodeOf(_fields.Value(Columns!.Label));
        return code >= 0 ? code : throw Bad(Lines.Number, $" {Describe(Columns.Label)}", seen, expected);
    }

    private float WeightOf()
    {
        var (weight, seen, expected) = LabelText.NumberOf(_fields.Value(Columns!.Weight));
        return float.IsNaN(weight) ? throw Bad(Lines.Number, $" {Describe(Columns.Weight)}", seen, expected) : weight;
    }

    private DocumentColumns FindColumns()
    {
        if (_fields.Count > SourceLimits.MaxColumns)
            throw new SourceException($"{Path} line 1: {_fields.Count} columns; expected at most {SourceLimits.MaxColumns}.", "Check the delimiter and the line ends.");
        if (_source.Header)
            _names = [.. Enumerable.Range(0, _fields.Count).Select(i => Encoding.UTF8.GetString(_fields.Value(i)).Trim())];
        var columns = new DocumentColumns(_fields.Count, Find("text", _source.TextColumn!), Find("label", _source.LabelColumn), Find("weight", _source.WeightColumn));
        if (columns.Text == columns.Label || columns.Text == columns.Weight || (columns.Label >= 0 && columns.Label == columns.Weight))
            throw new SourceException($"{Path} line 1: text, label and weight are not three different columns.", "Name a column for each of them.");
        return columns;
    }

    private int Find(string role, string? column)
    {
        if (column is null) return -1;
        var index = _names.IndexOf(column.Trim(), 0, StringComparer.Ordinal);
        if (index >= 0)
        {
            return _names.LastIndexOf(column.Trim()) == index
                ? index
                : throw new SourceException($"{Path} line 1: columns {index} and {_names.LastIndexOf(column.Trim())} are both named {Excerpt.Of(column)}; expected different names.", $"Set {role} to the column's index from 0.");
        }
        if (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out index))
        {
            return index < _fields.Count
                ? index
                : throw new SourceException($"{Path} line 1: {role} column {index} is out of range; expected 0 to {_fields.Count - 1}.", $"Set {role} to a column of the file, counting from 0.");
        }
        if (_names.IsEmpty)
            throw new SourceException($"{Path} line 1: {role} column {Excerpt.Of(column)} is a name, but the file has no header; expected 0 to {_fields.Count - 1}.", $"Set {role} to an index from 0, or header: true.");
        var known = string.Join(", ", _names.Take(8).Select(name => Excerpt.Of(name))) + (_names.Length > 8 ? ", ..." : "");
        throw new SourceException($"{Path} line 1: there is no {role} column {Excerpt.Of(column)}; expected one of {known}.", $"Set {role} to one of the file's columns.");
    }

    private string Describe(int column) => _names.IsEmpty ? $"column {column}" : $"column {Excerpt.Of(_names[column])}";

    /// <summary>True, or an error.</summary>
    private bool CheckOnlyBlankLinesFollow()
    {
        var blank = Lines.Number;
        while (Lines.Next())
        {
            if (!Lines.Line.Trim(" \t\r"u8).IsEmpty) throw Bad(blank, "", "an empty line amid the data", $"{Columns!.Count} fields");
        }
        return true;
    }
}
