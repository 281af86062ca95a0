using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>
/// Paths in which <c>{key}</c> stands for a part of a name, at least one character and as few as will do, and names a tag by it. <c>*</c> and <c>?</c> stand for
/// names as well, in every part of such a path, and <c>**</c> for folders below. Names that begin with a point are passed over.
/// </summary>
internal static partial class TaggedPath
{
    private static readonly EnumerationOptions Options = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_-]{0,63})\}")]
    private static partial Regex Key { get; }

    [GeneratedRegex(@"\{[A-Za-z][A-Za-z0-9_-]{0,63}\}|\*|\?")]
    private static partial Regex Place { get; }

    /// <summary>Whether a path has keys and is not by chance that of a file.</summary>
    public static bool HasKeys(string path) => Key.IsMatch(path) && !File.Exists(path);

    /// <summary>The keys of a path, each once.</summary>
    public static ImmutableArray<string> KeysOf(string path) => [.. Key.Matches(path).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>The path with values in the places of its keys.</summary>
    public static string Fill(string path, ImmutableArray<SourceTag> tags) =>
        Key.Replace(path, match => tags.FirstOrDefault(tag => tag.Key == match.Groups[1].Value)?.Value ?? match.Value);

    /// <summary>The files that a path means, in ordinal order, and what stands for its keys.</summary>
    /// <returns>At most <see cref="SourceFiles.Most"/> + 1; none where nothing fits or a folder cannot be read.</returns>
    public static IReadOnlyList<(string Path, ImmutableArray<SourceTag> Tags)> Find(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var parts = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return [.. Below(root, parts, []).DistinctBy(file => file.Path).Take(SourceFiles.Most + 1).OrderBy(file => file.Path, StringComparer.Ordinal)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static IEnumerable<(string Path, ImmutableArray<SourceTag> Tags)> Below(string folder, ArraySegment<string> parts, ImmutableArray<SourceTag> tags)
    {
        var (part, isLast) = (parts[0], parts.Count == 1);
        if (part == "**" && !isLast)
        {
            // Links are not followed here: they may lead back.
            var folders = NamesIn(folder, files: false).Select(name => Path.Combine(folder, name)).Where(path => new DirectoryInfo(path).LinkTarget is null);
            foreach (var found in Below(folder, parts[1..], tags).Concat(folders.SelectMany(path => Below(path, parts, tags))))
                yield return found;
            yield break;
        }
        foreach (var (name, all) in Place.IsMatch(part) ? Matching(NamesIn(folder, isLast), part, tags) : [(part, tags)])
        {
            var path = Path.Combine(folder, name);
            if (isLast && File.Exists(path))
                yield return (path, all);
            foreach (var found in isLast ? [] : Below(path, parts[1..], all))
                yield return found;
        }
    }

    private static IEnumerable<string> NamesIn(string folder, bool files)
    {
        if (!Directory.Exists(folder))
            return [];
        var found = files ? Directory.EnumerateFiles(folder, "*", Options) : Directory.EnumerateDirectories(folder, "*", Options);
        return found.Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal);
    }

    /// <summary>Names that fit one part of a path, with the tags that it adds; a key that has a value already stands for that.</summary>
    private static IEnumerable<(string Name, ImmutableArray<SourceTag> Tags)> Matching(IEnumerable<string> names, string part, ImmutableArray<SourceTag> tags)
    {
        var keys = new List<string>();
        var pattern = $"\\A{string.Concat(Key.Split(part).Select((piece, i) => i % 2 == 0 ? Wild(piece) : Place(piece)))}\\z";
        var regex = new Regex(pattern, RegexOptions.Singleline | RegexOptions.CultureInvariant);
        foreach (var name in names)
        {
            if (regex.Match(name) is { Success: true } match)
                yield return (name, [.. tags, .. keys.Select((key, i) => new SourceTag(key, match.Groups[i + 1].Value))]);
        }

        string Place(string key)
        {
            if (tags.FirstOrDefault(tag => tag.Key == key) is { } known)
                return Regex.Escape(known.Value);
            if (keys.IndexOf(key) is >= 0 and var index)
                return $"\\{index + 1}(?!\\d)";
            keys.Add(key);
            return "(.+?)";
        }
    }

    private static string Wild(string text) => Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal);
}
