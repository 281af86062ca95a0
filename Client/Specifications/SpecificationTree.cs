using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ExplicitCluster.Client.Specifications;

/// <summary>
/// Reads YAML, and so JSON, into nodes that know their lines. One document of mappings, lists and values: anchors, aliases, tags and
/// nesting deeper than any specification has are refused, which also keeps a hostile file from growing in memory.
/// </summary>
internal sealed class SpecificationTree
{
    private const int MostDepth = 16;
    private const int MostNodes = 10_000;

    private readonly ProblemList _problems;
    private readonly Func<int, Origin> _originOf;
    private readonly Parser _parser;
    private int _nodes;

    private SpecificationTree(string text, ProblemList problems, Func<int, Origin> originOf)
    {
        (_problems, _originOf) = (problems, originOf);
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The root of a file's text; null where it is empty or cannot be read, which is then a problem.</summary>
    public static Node? ReadFile(string text, ProblemList problems) =>
        new SpecificationTree(text, problems, line => new Origin(problems.Path, line)).ReadDocument(text, "specification");

    /// <summary>The value of an override; null where it cannot be read.</summary>
    public static Node? ReadValue(string text, Origin origin, ProblemList problems) =>
        string.IsNullOrWhiteSpace(text)
            ? new ScalarNode(origin, "", isPlain: true)
            : new SpecificationTree(text, problems, _ => origin).ReadDocument(text, "value");

    private Node? ReadDocument(string text, string what)
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out _))
            {
                _problems.Add(_problems.File, $"the {what} is empty; expected the keys name, data and features");
                return null;
            }
            _parser.Consume<DocumentStart>();
            var root = ReadNode(1);
            _parser.Consume<DocumentEnd>();
            if (!_parser.TryConsume<StreamEnd>(out _))
            {
                Add(
                    _parser.Current!.Start,
                    $"a second document starts here; expected one {what}: remove the rest or put it in a file of its own");
                return null;
            }
            return root;
        }
        catch (YamlException exception)
        {
            AddSyntax(text, exception, what);
        }
        catch (InvalidOperationException)
        {
            // The scanner gives up in this way where a brace stands within a word of a flow mapping.
            var last = _parser.Current?.End ?? Mark.Empty;
            AddSyntax(text, new YamlException(last, last, "a bracket or a brace is in the wrong place"), what);
        }
        catch (UnreadableException)
        {
        }
        return null;
    }

    private Node ReadNode(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            Add(alias.Start, $"the alias '*{Quoted.Escape(alias.Value.Value)}' is not read; write the value out");
            throw new UnreadableException();
        }
        if (_parser.Current is not NodeEvent node)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "expected a value");
        if (!node.Anchor.IsEmpty)
            Add(
                node.Start,
                $"the anchor '&{Quoted.Escape(node.Anchor.Value)}' is not read; remove it and write the value out where it is used");
        if (!node.Tag.IsEmpty)
            Add(node.Start, $"the tag {Quoted.Of(node.Tag.IsNonSpecific ? "!" : node.Tag.Value)} is not read; remove it");
        if (depth > MostDepth)
        {
            Add(node.Start, $"values are nested more than {MostDepth} deep; no key of a specification needs that: close the brackets");
            throw new UnreadableException();
        }
        if (++_nodes > MostNodes)
        {
            Add(node.Start, $"there are more than {MostNodes:N0} values up to here; no specification needs that: is this a data file?");
            throw new UnreadableException();
        }
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new ScalarNode(OriginOf(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
        return _parser.TryConsume<SequenceStart>(out _) ? ReadList(node, depth) : ReadMapping(node, depth);
    }

    private ListNode ReadList(NodeEvent start, int depth)
    {
        var list = new ListNode(OriginOf(start.Start));
        while (!_parser.TryConsume<SequenceEnd>(out _))
            list.Items.Add(ReadNode(depth + 1));
        return list;
    }

    private MappingNode ReadMapping(NodeEvent start, int depth)
    {
        _parser.Consume<MappingStart>();
        var mapping = new MappingNode(OriginOf(start.Start));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyEvent = _parser.Current!;
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode { IsEmpty: false } name)
                Add(keyEvent.Start, $"a key is {key.Describe()}; expected one word, e.g. name: my-model");
            else if (mapping.Find(name.Text) is not { } first)
                mapping.Entries.Add(new Entry(name.Text, name.Origin, value));
            else
                _problems.Add(name.Origin, $"the key {Quoted.Of(name.Text)} is given twice{FirstAt(first.Origin)}; remove one of them");
        }
        return mapping;
    }

    private static string FirstAt(Origin origin) => origin.Line is { } line ? $", first in line {line}" : "";

    private void AddSyntax(string text, YamlException exception, string what)
    {
        // The parser blames the mapping around an indenting tab, not the tab's line.
        var lines = text.Split('\n');
        var first = (int)Math.Clamp(exception.Start.Line, 1, lines.Length);
        var tab = Array.FindIndex(lines, first - 1, line => line.TrimStart(' ').StartsWith('\t'));
        if (tab >= 0 && (tab == first - 1 || exception.Message.Contains("tab", StringComparison.OrdinalIgnoreCase)))
            _problems.Add(_originOf(tab + 1), "a tab indents this line; YAML wants spaces: replace the tab by two spaces");
        else
            _problems.Add(
                _originOf(first),
                $"this is not YAML: {Reason(exception)}; "
                + $"look at the brackets, quotes and {(what == "value" ? "colons" : "indentation of this line and the one before")}");
    }

    /// <summary>The parser's reason as one clause, without the position it may start with.</summary>
    private static string Reason(YamlException exception)
    {
        var reason = exception.Message;
        var colon = reason.StartsWith('(') ? reason.IndexOf("): ", StringComparison.Ordinal) : -1;
        reason = Quoted.Escape(colon < 0 ? reason : reason[(colon + 3)..]).TrimEnd('.', ' ');
        return reason.Length == 0 ? "it cannot be parsed" : char.ToLowerInvariant(reason[0]) + reason[1..];
    }

    private void Add(Mark mark, string message) => _problems.Add(OriginOf(mark), message);

    private Origin OriginOf(Mark mark) => _originOf((int)Math.Max(1, mark.Line));

    /// <summary>Ends the reading of a document whose problem has been noted.</summary>
    private sealed class UnreadableException : Exception;
}
