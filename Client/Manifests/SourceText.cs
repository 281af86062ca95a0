using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Manifests;

/// <summary>How a source is written into a specification: on one line, as YAML or as JSON.</summary>
/// <param name="folder">The specification's folder.</param>
/// <param name="isJson">Whether keys and texts stand in quotes.</param>
internal sealed partial class SourceText(string folder, bool isJson)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Of(SourceSpecification source)
    {
        var entries = new List<string> { Entry("format", source.Format.ToString().ToLowerInvariant()) };
        if (source.Images is { } images)
            entries.Add(Entry("images", PathOf(images)));
        if (source.Labels is { } labels)
            entries.Add(Entry("labels", PathOf(labels)));
        if (source.Path is { } path)
            entries.Add(Entry("path", PathOf(path)));
        if (source.LabelColumn is { } column)
            entries.Add(Entry("label", column));
        if (source.TextColumn is { } text)
            entries.Add(Entry("text", text));
        if (source.WeightColumn is { } weight)
            entries.Add(Entry("weight", weight));
        if (source.Document != DocumentCut.Line)
            entries.Add(Entry("document", source.Document == DocumentCut.File ? "file" : "blank-line"));
        if (!source.Header)
            entries.Add($"{Key("header")}: false");
        if (!source.Tags.IsEmpty)
            entries.Add($"{Key("tags")}: {{ {string.Join(", ", source.Tags.Select(tag => Entry(tag.Key, tag.Value)))} }}");
        if (!source.Removed.IsEmpty)
            entries.Add(Removed(source.Removed));
        return $"{{ {string.Join(", ", entries)} }}";
    }

    /// <summary>The entry <c>removed: [...]</c>.</summary>
    public string Removed(ImmutableArray<RemovedRows> removed) => $"{Key("removed")}: {Ranges(removed)}";

    public string Ranges(ImmutableArray<RemovedRows> removed) => $"[{string.Join(", ", removed.Select(rows => Value(RowRanges.Of(rows))))}]";

    private string Entry(string key, string value) => $"{Key(key)}: {Value(value)}";

    private string Key(string key) => isJson ? $"\"{key}\"" : key;

    private string Value(string text) =>
        isJson || !NeedsNoQuotes.IsMatch(text) || text is "null" ? JsonSerializer.Serialize(text, Plain) : text;

    /// <summary>Relative to the specification where the file lies in its folder or below, so that both can be moved together.</summary>
    private string PathOf(string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative == ".." || relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? path : relative;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./][A-Za-z0-9_./+-]*\z")]
    private static partial Regex NeedsNoQuotes { get; }
}
