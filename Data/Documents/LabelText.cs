using System.Buffers.Text;
using System.Text;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>Labels and weights of documents, as they are written.</summary>
internal sealed class LabelText(LabelCodes labels)
{
    private readonly char[] _name = new char[4 * SourceLimits.MaxName];

    /// <summary>The label's code; null and a problem where it is none.</summary>
    public (int Code, string Seen, string Expected) CodeOf(ReadOnlySpan<byte> text)
    {
        if (text.Length > _name.Length) return (-1, $"a label of {text.Length} bytes", $"at most {SourceLimits.MaxName} characters");
        var name = _name.AsSpan(0, Encoding.UTF8.GetChars(text, _name)).Trim();
        if (name.IsEmpty) return (-1, "the label is empty", "a label");
        if (name.Length > SourceLimits.MaxName) return (-1, $"a label of {name.Length} characters", $"at most {SourceLimits.MaxName}");
        if (DelimitedRow.HasUnreadable(name)) return (-1, $"the label {Excerpt.Of(name)} has control characters or is no UTF-8", "text in UTF-8");
        var code = labels.CodeOf(name);
        return labels.Count > SourceLimits.MaxLabels
            ? (-1, $"more than {SourceLimits.MaxLabels} different labels", "classes, not numbers or keys")
            : (code, "", "");
    }

    /// <summary>A weight or value; NaN and a problem where it is none.</summary>
    public static (float Number, string Seen, string Expected) NumberOf(ReadOnlySpan<byte> text)
    {
        const string Expected = "a number of 0 or more";
        text = text.Trim((byte)' ');
        if (!Utf8Parser.TryParse(text, out double value, out var read) || read != text.Length || text.IsEmpty)
            return (float.NaN, $"{Excerpt.Of(text)} is no number", Expected);
        return (float)value is >= 0 and < float.PositiveInfinity ? ((float)value + 0f, "", "") : (float.NaN, $"{Excerpt.Of(text)} is negative or not finite as float32", Expected);
    }
}
