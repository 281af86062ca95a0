using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>JSON Lines: an object a line, of which three keys count. Labels and weights are in all lines or in none.</summary>
internal sealed class JsonLinesParser : DocumentParser
{
    private const string Example = "an object like {\"text\": \"...\", \"label\": \"...\"}";

    private readonly string _text;
    private readonly string _label;
    private readonly string _weight;
    private readonly LabelText _labels;

    public JsonLinesParser(SourceSpecification source, string path, LineScanner lines, LabelCodes labels, DocumentColumns? columns)
        : base(path, lines)
    {
        _text = source.TextColumn ?? "text";
        _label = source.LabelColumn ?? "label";
        _weight = source.WeightColumn ?? "weight";
        _labels = new LabelText(labels);
        Columns = columns;
    }

    public override bool Next(DocumentBuffer buffer, ref long mended)
    {
        if (!Lines.Next()) return false;
        var line = Lines.Line;
        if (line.Trim(" \t\r"u8).IsEmpty)
        {
            CheckOnlyBlankLinesFollow();
            return false;
        }
        // The reader would stop at the first bytes that are no UTF-8.
        var wasReplaced = !Utf8.IsValid(line);
        if (wasReplaced) line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));
        try
        {
            Read(line, buffer);
        }
        catch (JsonException error)
        {
            var at = (int)Math.Min(line.Length, error.BytePositionInLine ?? 0);
            throw Bad(Lines.Number, $" byte {at}", at == line.Length ? "the line ends amid a value" : $"no JSON at {Excerpt.Of(line[at..])}", Example);
        }
        if (wasReplaced) mended++;
        return true;
    }

    private void Read(ReadOnlySpan<byte> line, DocumentBuffer buffer)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw Bad(Lines.Number, "", $"{KindOf(reader.TokenType)}", Example);
        var (hasText, label, weight) = (false, -1, float.NaN);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(_text))
            {
                if (hasText) throw Twice(_text);
                hasText = true;
                reader.Read();
                ReadText(ref reader, buffer);
            }
            else if (reader.ValueTextEquals(_label))
            {
                if (label >= 0) throw Twice(_label);
                reader.Read();
                label = ReadLabel(ref reader);
            }
            else if (reader.ValueTextEquals(_weight))
            {
                if (!float.IsNaN(weight)) throw Twice(_weight);
                reader.Read();
                weight = ReadWeight(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        // After the object: anything else makes the reader throw.
        reader.Read();
        if (!hasText) throw Bad(Lines.Number, "", $"no key {Excerpt.Of(_text)}", $"{Example}; set text to the key of the texts");
        Columns ??= new DocumentColumns(0, 0, label >= 0 ? 0 : -1, float.IsNaN(weight) ? -1 : 0);
        CheckAsBefore(label >= 0, Columns.HasLabels, _label);
        CheckAsBefore(!float.IsNaN(weight), Columns.HasWeights, _weight);
        buffer.EndRow(label, weight);
    }

    private void ReadText(ref Utf8JsonReader reader, DocumentBuffer buffer)
    {
        if (reader.TokenType != JsonTokenType.String) throw Bad(Lines.Number, $" key {Excerpt.Of(_text)}", KindOf(reader.TokenType), "a string");
        if (!reader.ValueIsEscaped)
        {
            buffer.Append(reader.ValueSpan);
            return;
        }
        try
        {
            buffer.Advance(reader.CopyString(buffer.Reserve(reader.ValueSpan.Length)));
        }
        catch (InvalidOperationException)
        {
            throw Bad(Lines.Number, $" key {Excerpt.Of(_text)}", "half of a surrogate pair, escaped", "both halves, or the character itself in UTF-8");
        }
    }

    private int ReadLabel(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return -1;
        var where = $" key {Excerpt.Of(_label)}";
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) throw Bad(Lines.Number, where, KindOf(reader.TokenType), "a string or a number");
        var text = reader.ValueSpan;
        if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
        {
            var unescaped = new byte[reader.ValueSpan.Length];
            try
            {
                text = unescaped.AsSpan(0, reader.CopyString(unescaped));
            }
            catch (InvalidOperationException)
            {
                throw Bad(Lines.Number, where, "half of a surrogate pair, escaped", "both halves, or the character itself in UTF-8");
            }
        }
        var (code, seen, expected) = _labels.CodeOf(text);
        return code >= 0 ? code : throw Bad(Lines.Number, where, seen, expected);
    }

    private float ReadWeight(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return float.NaN;
        var where = $" key {Excerpt.Of(_weight)}";
        if (reader.TokenType != JsonTokenType.Number) throw Bad(Lines.Number, where, KindOf(reader.TokenType), "a number of 0 or more");
        var (weight, seen, expected) = LabelText.NumberOf(reader.ValueSpan);
        return float.IsNaN(weight) ? throw Bad(Lines.Number, where, seen, expected) : weight;
    }

    private void CheckAsBefore(bool has, bool had, string key)
    {
        if (has != had)
            throw Bad(Lines.Number, "", $"{(has ? "a" : "no")} key {Excerpt.Of(key)}", had ? "one, as in line 1" : "none, as in line 1");
    }

    private SourceException Twice(string key) => Bad(Lines.Number, "", $"the key {Excerpt.Of(key)} twice", "it once");

    private void CheckOnlyBlankLinesFollow()
    {
        var blank = Lines.Number;
        while (Lines.Next())
        {
            if (!Lines.Line.Trim(" \t\r"u8).IsEmpty) throw Bad(blank, "", "an empty line amid the data", Example);
        }
    }

    private static string KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
