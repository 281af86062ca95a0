using System.Collections.Immutable;
using System.Globalization;

namespace ExplicitCluster.Data.Sources;

/// <summary>The columns of a delimited file.</summary>
/// <param name="Count">Fields a line, label included.</param>
/// <param name="Label">Index from 0 of the label column; -1 without.</param>
/// <param name="Names">Names by index; empty without a header.</param>
internal sealed record DelimitedColumns(int Count, int Label, ImmutableArray<string> Names)
{
    /// <summary>Columns that hold numbers.</summary>
    public int Values => Label >= 0 ? Count - 1 : Count;

    /// <summary>Names of the columns that hold numbers, as a manifest carries them.</summary>
    public ImmutableArray<string> ValueNames =>
        Names.IsEmpty || Values > SourceLimits.MaxColumnNames ? [] : Label < 0 ? Names : Names.RemoveAt(Label);

    /// <summary>How messages name a column.</summary>
    public string Describe(int index) => Names.IsEmpty ? $"column {index}" : $"column {Excerpt.Of(Names[index])}";

    /// <param name="path">For messages.</param>
    /// <param name="first">Fields of the first line.</param>
    /// <param name="header">Whether they are names.</param>
    /// <param name="labelColumn">Name or index from 0; null without labels.</param>
    public static DelimitedColumns Of(string path, string[] first, bool header, string? labelColumn)
    {
        ImmutableArray<string> names = [];
        if (first.Length > SourceLimits.MaxColumns + (labelColumn is null ? 0 : 1))
            throw new SourceException($"{path} line 1: {first.Length} columns; expected at most {SourceLimits.MaxColumns}.", "Check the delimiter and the line ends.");
        if (header)
        {
            names = [.. first.Select(name => name.Trim())];
            CheckNames(path, names);
        }
        var label = labelColumn is null ? -1 : Find(path, names, first.Length, labelColumn);
        if (label >= 0 && first.Length == 1)
        {
            throw new SourceException(
                $"{path} line 1: only the label column; expected at least one column of numbers.", "Check the delimiter: csv is ',' and tsv is a tab.");
        }
        return new DelimitedColumns(first.Length, label, names);
    }

    private static void CheckNames(string path, ImmutableArray<string> names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            if (name.Length == 0) throw Bad($"column {i} has no name", "a name");
            if (name.Length > SourceLimits.MaxName) throw Bad($"column {i} has a name of {name.Length} characters", $"at most {SourceLimits.MaxName}");
            if (DelimitedRow.HasUnreadable(name)) throw Bad($"column {i} {Excerpt.Of(name)} has control characters or is no UTF-8", "a name in UTF-8");
            if (!seen.TryAdd(name, i)) throw Bad($"columns {seen[name]} and {i} are both named {Excerpt.Of(name)}", "different names");
        }

        SourceException Bad(string what, string expected) => new(
            $"{path} line 1: {what}; expected {expected}.", "Correct the header, or set header: false if the first line holds data.");
    }

    private static int Find(string path, ImmutableArray<string> names, int count, string labelColumn)
    {
        var index = names.IndexOf(labelColumn.Trim(), 0, StringComparer.Ordinal);
        if (index >= 0) return index;
        if (int.TryParse(labelColumn, NumberStyles.None, CultureInfo.InvariantCulture, out index))
        {
            return index < count
                ? index
                : throw new SourceException(
                    $"{path} line 1: label column {index} is out of range; expected 0 to {count - 1}.", "Set label to a column of the file, counting from 0.");
        }
        var known = string.Join(", ", names.Take(8).Select(name => Excerpt.Of(name))) + (names.Length > 8 ? ", ..." : "");
        throw names.IsEmpty
            ? new SourceException(
                $"{path} line 1: label column {Excerpt.Of(labelColumn)} is a name, but the file has no header; expected 0 to {count - 1}.",
                "Set label to an index from 0, or header: true.")
            : new SourceException(
                $"{path} line 1: there is no label column {Excerpt.Of(labelColumn)}; expected one of {known}.", "Set label to one of the file's columns.");
    }
}
