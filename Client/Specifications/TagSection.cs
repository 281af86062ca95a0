using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Commands;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>tags</c> of a source, and those that its path names.</summary>
internal sealed partial class TagSection(ProblemList problems)
{
    public const string ExpectedKey = "a letter, then at most 63 letters, digits, '_' and '-'";
    public const string ExpectedValue = "1 to 128 characters without comma, '..' and control characters, no space at its ends";
    private const string Example = "tags: { tenant: a, day: 2026-11-01 }";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,63}\z")]
    private static partial Regex KeyPattern { get; }

    public static bool IsKey(string text) => KeyPattern.IsMatch(text);

    /// <summary>Commas and two points part values where sources are chosen by them.</summary>
    public static bool IsValue(string text) => text.Length is > 0 and <= 128 && text.Trim() == text && !text.Contains(',', StringComparison.Ordinal)
        && !text.Contains("..", StringComparison.Ordinal) && !text.Any(char.IsControl);

    public ImmutableArray<SourceTag> Read(Field field)
    {
        if (field.Value is not MappingNode { Entries.Count: > 0 } mapping)
        {
            problems.Add(field.At, $"'{field.Path}' is {field.Value.Describe()}; expected a mapping, e.g. {Example}");
            return [];
        }
        var tags = new List<SourceTag>();
        foreach (var entry in mapping.Entries)
        {
            if (!IsKey(entry.Key))
                problems.Add(entry.Origin, $"'{field.Path}' has the key {Quoted.Of(entry.Key)}; expected {ExpectedKey}, e.g. {Example}");
            else if (entry.Value is ScalarNode { IsNull: false } scalar && IsValue(scalar.Text))
                tags.Add(new SourceTag(entry.Key, scalar.Text));
            else
                problems.Add(new Field(field.Path, entry.Origin, entry.Value).At, $"'{field.Path}.{entry.Key}' is {entry.Value.Describe()}; expected {ExpectedValue}, e.g. {Example}");
        }
        return InOrder(tags);
    }

    /// <summary>Tags of a command line, <c>KEY=VALUE</c> each.</summary>
    /// <exception cref="UsageException">One is none, or a key is given twice.</exception>
    public static ImmutableArray<SourceTag> Parse(IEnumerable<string> texts)
    {
        var tags = new List<SourceTag>();
        foreach (var text in texts)
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2 || !IsKey(parts[0]) || !IsValue(parts[1]))
                throw new UsageException($"--tag {Quoted.Of(text)} is no tag; expected KEY=VALUE, the key {ExpectedKey}, the value {ExpectedValue}", "e.g. --tag day=2026-11-01");
            if (tags.Exists(tag => tag.Key == parts[0]))
                throw new UsageException($"--tag gives '{parts[0]}' twice", "leave one of them out");
            tags.Add(new SourceTag(parts[0], parts[1]));
        }
        return InOrder(tags);
    }

    /// <summary>A source for each file that a path with keys means, with what stands in the keys' places as tags.</summary>
    /// <param name="field">The key whose path it is.</param>
    /// <param name="source">The source as it is written.</param>
    public IEnumerable<SourceSpecification> Expand(Field field, SourceSpecification source)
    {
        var pattern = (source.Images ?? source.Path)!;
        var keys = TaggedPath.KeysOf(pattern);
        if (keys.FirstOrDefault(key => source.Tags.Any(tag => tag.Key == key)) is { } twice)
            problems.Add(field.At, $"'{field.Path}' and tags both give '{twice}'; leave it out in one of them");
        else if (source.Labels is { } labels && !keys.Order(StringComparer.Ordinal).SequenceEqual(TaggedPath.KeysOf(labels).Order(StringComparer.Ordinal)))
            problems.Add(field.At, $"'{field.Path}' has the keys {KeyNames.List([.. keys])}, and labels {(TaggedPath.KeysOf(labels) is { IsEmpty: false } others ? KeyNames.List([.. others]) : "none")}; expected the same, since labels go with their images");
        else
            return Expand(field, source, TaggedPath.Find(pattern));
        return [];
    }

    private List<SourceSpecification> Expand(Field field, SourceSpecification source, IReadOnlyList<(string Path, ImmutableArray<SourceTag> Tags)> files)
    {
        if (files.Count is 0 or > SourceFiles.Most)
            problems.Add(field.At, $"'{field.Path}' is {field.Value.Describe()}, which means {(files.Count == 0 ? "no file" : $"more than {SourceFiles.Most} files")}; expected 1 to {SourceFiles.Most}: every {{key}} stands for a part of a name, as in logs/{{tenant}}/{{day}}.csv");
        else if (files.Count > 1 && !source.Removed.IsEmpty)
            problems.Add(field.At, $"'{field.Path}' means {files.Count} files, and removed names rows of one; write a source for each file");
        else if (files.SelectMany(file => file.Tags).FirstOrDefault(tag => !IsValue(tag.Value)) is { } bad)
            problems.Add(field.At, $"'{field.Path}' finds the tag {bad.Key} {Quoted.Of(bad.Value)}; expected {ExpectedValue}");
        return files.Select(file => source with
        {
            Path = source.Path is null ? null : file.Path,
            Images = source.Images is null ? null : file.Path,
            Labels = source.Labels is { } labels ? TaggedPath.Fill(labels, file.Tags) : null,
            Tags = InOrder([.. source.Tags, .. file.Tags]),
        }).ToList();
    }

    private static ImmutableArray<SourceTag> InOrder(IEnumerable<SourceTag> tags) => [.. tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)];
}
