using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ExplicitCluster.Client.Manifests;

/// <summary>A value of a specification by the characters that it takes in the file: [Start, End), comments and space around it left out.</summary>
internal sealed class TextSpan
{
    private TextSpan(int start) => Start = start;

    public int Start { get; }

    public int End { get; private set; }

    /// <summary>Whether it is written within brackets or braces.</summary>
    public bool IsFlow { get; private init; }

    public bool IsList { get; private init; }

    /// <summary>Items of a list.</summary>
    public List<TextSpan> Items { get; } = [];

    /// <summary>Keys of a mapping with the first character of each, and their values, in order.</summary>
    public List<(string Key, int Start, TextSpan Value)> Entries { get; } = [];

    /// <summary>Reads a text that is known to be one document without anchors, aliases and tags.</summary>
    public static TextSpan Of(string text)
    {
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        return Read(parser);
    }

    public TextSpan? Find(string key) => Entries.Find(entry => entry.Key == key).Value;

    private static TextSpan Read(IParser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
            return new TextSpan((int)scalar.Start.Index) { End = (int)scalar.End.Index };
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var sequence = new TextSpan((int)list.Start.Index) { IsList = true, IsFlow = list.Style == SequenceStyle.Flow };
            SequenceEnd end;
            while (!parser.TryConsume(out end!))
                sequence.Items.Add(Read(parser));
            // In brackets, the end is marked before the closing one. In lines, it is where the next thing begins: take the last item's instead.
            sequence.End = sequence.IsFlow ? (int)end.Start.Index + 1 : sequence.Items[^1].End;
            return sequence;
        }
        var start = parser.Consume<MappingStart>();
        var mapping = new TextSpan((int)start.Start.Index) { IsFlow = start.Style == MappingStyle.Flow };
        MappingEnd close;
        while (!parser.TryConsume(out close!))
        {
            var key = parser.Consume<Scalar>();
            mapping.Entries.Add((key.Value, (int)key.Start.Index, Read(parser)));
        }
        mapping.End = mapping.IsFlow ? (int)close.Start.Index + 1 : mapping.Entries[^1].Value.End;
        return mapping;
    }
}
