namespace ExplicitCluster.Client.Specifications;

/// <summary>A value of a specification as it was written, before anything is known of its meaning.</summary>
internal abstract class Node(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>The value in words, for a problem's "seen".</summary>
    public abstract string Describe();
}

/// <param name="origin">Where it was written.</param>
/// <param name="text">The value without its quotes.</param>
/// <param name="isPlain">False where it was quoted: then it is a text, whatever it looks like.</param>
internal sealed class ScalarNode(Origin origin, string text, bool isPlain) : Node(origin)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    public bool IsEmpty => IsPlain && Text.Length == 0;

    public bool IsNull => IsPlain && Text is "" or "~" or "null";

    public override string Describe() => IsEmpty ? "empty" : IsPlain ? Quoted.Of(Text) : $"the text {Quoted.Of(Text)}";
}

internal sealed class ListNode(Origin origin) : Node(origin)
{
    public List<Node> Items { get; } = [];

    public override string Describe() => Items.Count == 0 ? "an empty list" : $"a list of {Items.Count}";
}

internal sealed class MappingNode(Origin origin) : Node(origin)
{
    public List<Entry> Entries { get; } = [];

    public Entry? Find(string key) => Entries.Find(entry => entry.Key == key);

    public void Put(Entry entry)
    {
        var index = Entries.FindIndex(known => known.Key == entry.Key);
        if (index < 0)
            Entries.Add(entry);
        else
            Entries[index] = entry;
    }

    public override string Describe() =>
        Entries.Count == 0 ? "an empty mapping" : $"a mapping of {string.Join(", ", Entries.Take(4).Select(entry => Quoted.Of(entry.Key)))}";
}

/// <summary>A key of a mapping and its value.</summary>
internal sealed record Entry(string Key, Origin Origin, Node Value);
