using System.Globalization;
using System.Runtime.InteropServices;
using ExplicitCluster.Data.Formats;
using Sylvan.Data.Csv;

namespace ExplicitCluster.Data.Sources;

/// <summary>Decodes one line of a delimited file at a time.</summary>
internal sealed class DelimitedRow(string path, DelimitedColumns columns, LabelCodes labels)
{
    private const string CorrectFile = "Correct the file.";

    /// <summary>Control characters, and U+FFFD, which stands for bytes that are no UTF-8.</summary>
    public static bool HasUnreadable(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character) || character == '\ufffd') return true;
        }
        return false;
    }

    /// <summary>Puts the reader's current line into place <paramref name="slot"/> of the writer's group.</summary>
    public void Decode(CsvDataReader reader, long line, RowsFileWriter writer, int slot)
    {
        if (reader.RowFieldCount != columns.Count)
            throw new SourceException($"{path} line {line}: {reader.RowFieldCount} fields; expected {columns.Count} as in line 1.", CorrectFile);
        var values = MemoryMarshal.Cast<byte, float>(writer.Values).Slice(slot * columns.Values, columns.Values);
        var next = 0;
        for (var column = 0; column < columns.Count; column++)
        {
            var field = reader.GetFieldSpan(column);
            if (column == columns.Label) writer.Labels[slot] = LabelOf(field, line, column);
            else values[next++] = NumberOf(field, line, column);
        }
    }

    private int LabelOf(ReadOnlySpan<char> field, long line, int column)
    {
        var name = field.Trim();
        if (name.IsEmpty) throw Bad(line, column, "the label is empty", "a label");
        if (name.Length > SourceLimits.MaxName) throw Bad(line, column, $"a label of {name.Length} characters", $"at most {SourceLimits.MaxName}");
        if (HasUnreadable(name))
            throw Bad(line, column, $"the label {Excerpt.Of(name)} has control characters or is no UTF-8", "text in UTF-8");
        var code = labels.CodeOf(name);
        if (labels.Count > SourceLimits.MaxLabels)
            throw Bad(line, column, $"more than {SourceLimits.MaxLabels} different labels", "a column of classes, not of numbers or keys");
        return code;
    }

    private float NumberOf(ReadOnlySpan<char> field, long line, int column)
    {
        if (TryParseDigits(field, out var whole)) return whole;
        var text = field.Trim(' ');
        if (text.IsEmpty) throw Bad(line, column, "the field is empty", "a number");
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        // Parsing would pass over zeros at the end.
        if (text.Contains('\0') || !float.TryParse(text, style, CultureInfo.InvariantCulture, out var value))
            throw Bad(line, column, $"{Excerpt.Of(text)} is no number", "a number");
        if (float.IsNaN(value) || float.IsInfinity(value)) throw Bad(line, column, $"{Excerpt.Of(text)} is not finite as float32", "a finite number");
        if (value < 0) throw Bad(line, column, $"{Excerpt.Of(text)} is negative", "a number of 0 or more");
        // -0 would be another bit pattern for the same number.
        return value == 0 ? 0 : value;
    }

    /// <summary>Most fields are small whole numbers, exact in float32.</summary>
    private static bool TryParseDigits(ReadOnlySpan<char> field, out int value)
    {
        value = 0;
        if (field.Length is 0 or > 7) return false;
        foreach (var character in field)
        {
            var digit = character - '0';
            if ((uint)digit > 9) return false;
            value = value * 10 + digit;
        }
        return true;
    }

    private SourceException Bad(long line, int column, string seen, string expected) => new(
        $"{path} line {line} {columns.Describe(column)}: {seen}; expected {expected}.", CorrectFile);
}
