using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Manifests;

/// <summary>
/// Changes of <c>data.train</c> within the text of a specification. Only the characters of what changes are touched: comments, order and
/// layout of all else stay. What comes out is to be read again and compared with what was meant, since YAML can be written in many ways.
/// </summary>
/// <param name="text">The specification, free of mistakes.</param>
/// <param name="folder">Its folder.</param>
internal sealed class ManifestEdit(string text, string folder)
{
    private readonly TextSpan _root = TextSpan.Of(text);
    private readonly string _lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private TextSpan Data => _root.Find("data")!;

    private TextSpan Train => Data.Find("train")!;

    /// <summary>Entries of data.train.</summary>
    public int Count => Train.IsList ? Train.Items.Count : 1;

    private SourceText Text => new(folder, isJson: _root.IsFlow && _root.Entries.Count > 0 && text[_root.Entries[0].Start] == '"');

    /// <summary>The text with one more source at the end of the list.</summary>
    public string Add(SourceSpecification source)
    {
        var (train, added) = (Train, Text.Of(source));
        if (train.IsList && !train.IsFlow)
            return InsertLine(train.Items[^1].End, $"{Space(Column(DashOf(train.Items[^1])))}- {added}");
        if (train.IsList)
            return Insert(train.Items[^1].End, $",{SpaceBefore(train.Items[^1].Start)}{added}");
        if (train.IsFlow && (Data.IsFlow || LineOf(KeyOfTrain) != LineOf(train.Start)))
            return text[..train.Start] + $"[{text[train.Start..train.End]}, {added}]" + text[train.End..];
        // One source becomes a list of two lines, or of its own lines with a dash before the first.
        if (train.IsFlow)
        {
            var indent = Space(Column(KeyOfTrain) + 2);
            var longer = InsertLine(train.End, $"{indent}- {added}");
            return longer[..train.Start].TrimEnd(' ') + $"{_lineEnd}{indent}- " + longer[train.Start..];
        }
        var column = Space(Column(train.Start));
        var lines = text[train.Start..train.End].Split('\n');
        return InsertLine(train.End, $"{column}- {added}").Remove(train.Start, train.End - train.Start)
            .Insert(train.Start, "- " + string.Join('\n', lines.Select((line, i) => i == 0 || line.Trim().Length == 0 ? line : "  " + line)));
    }

    /// <summary>The text without one of several sources.</summary>
    public string Remove(int index)
    {
        var (train, item) = (Train, Train.Items[index]);
        if (!train.IsFlow)
            return text[..StartOfLine(DashOf(item))] + text[AfterLine(item.End)..];
        return index + 1 < train.Items.Count
            ? text[..item.Start] + text[train.Items[index + 1].Start..]
            : text[..train.Items[index - 1].End] + text[item.End..];
    }

    /// <summary>The text in which a source has these removed rows.</summary>
    public string SetRemoved(int index, ImmutableArray<RemovedRows> removed)
    {
        var source = Train.IsList ? Train.Items[index] : Train;
        var at = source.Entries.FindIndex(entry => entry.Key == "removed");
        if (at < 0)
        {
            var entry = Text.Removed(removed);
            return source.IsFlow ? Insert(source.Entries[^1].Value.End, $", {entry}") : InsertLine(source.End, Space(Column(source.Start)) + entry);
        }
        var (_, start, value) = source.Entries[at];
        if (!removed.IsEmpty)
            return text[..value.Start] + Text.Ranges(removed) + text[value.End..];
        if (!source.IsFlow)
            return at == 0 ? text[..start] + text[source.Entries[1].Start..] : text[..StartOfLine(start)] + text[AfterLine(value.End)..];
        return at == 0
            ? text[..start] + text[source.Entries[1].Start..]
            : text[..source.Entries[at - 1].Value.End] + text[value.End..];
    }

    private int KeyOfTrain => Data.Entries.Find(entry => entry.Key == "train").Start;

    private string Insert(int at, string inserted) => text[..at] + inserted + text[at..];

    /// <summary>A line of its own after the one in which a value ends.</summary>
    private string InsertLine(int end, string line)
    {
        var after = AfterLine(end);
        return text[..after] + (after > 0 && text[after - 1] == '\n' ? "" : _lineEnd) + line + _lineEnd + text[after..];
    }

    /// <summary>In a list over several lines, an item begins a line as the one before it does.</summary>
    private string SpaceBefore(int start)
    {
        var line = StartOfLine(start);
        return text[line..start].Trim().Length == 0 ? _lineEnd + text[line..start] : " ";
    }

    private int DashOf(TextSpan item) => Math.Max(0, text.LastIndexOf('-', Math.Max(0, item.Start - 1)));

    private int LineOf(int at) => text.AsSpan(0, at).Count('\n');

    private int StartOfLine(int at) => text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1;

    private int AfterLine(int at) => text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;

    private int Column(int at) => at - StartOfLine(at);

    private static string Space(int count) => new(' ', count);
}
