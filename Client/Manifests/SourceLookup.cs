using System.Collections.Immutable;
using System.Globalization;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Manifests;

/// <summary>Finds the source that a person means: by its path, by its number in the list, from 0, or by a part of a path that no other has.</summary>
public static class SourceLookup
{
    private const string See = "see 'explicit data show SPEC'";

    /// <param name="sources">The list.</param>
    /// <param name="name">Path, number or part of a path.</param>
    /// <param name="file">The specification, for messages.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="JobException">There is none, or more than one.</exception>
    public static int Find(ImmutableArray<SourceSpecification> sources, string name, string file)
    {
        var isName = name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal);
        string[] paths = isName ? [Path.GetFullPath(name), Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(file))!)] : [];
        var found = Matching(path => paths.Contains(path));
        if (found.Count == 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number < sources.Length
                ? number
                : throw new JobException($"{file} has no training source {number}; it has {sources.Length}, numbered from 0", See);
        }
        if (found.Count == 0 && isName)
            found = Matching(path => path.Contains(name, StringComparison.Ordinal));
        return found.Count switch
        {
            1 => found[0],
            0 => throw new JobException($"{file} has no training source {Quoted.Of(name)}", $"give a number, a path or a part of one; {See}"),
            _ => throw new JobException($"{Quoted.Of(name)} is in the paths of {found.Count} training sources of {file}: {string.Join(", ", found.Take(8))}{(found.Count > 8 ? ", ..." : "")}", "give one of these numbers"),
        };

        List<int> Matching(Predicate<string> isMeant) => [.. Enumerable.Range(0, sources.Length).Where(i => PathsOf(sources[i]).Any(path => isMeant(path)))];
    }

    public static IEnumerable<string> PathsOf(SourceSpecification source) => new[] { source.Images, source.Labels, source.Path }.OfType<string>();

    /// <summary>What a source is called in a line.</summary>
    public static string NameOf(SourceSpecification source) => Quoted.Escape(source.Images ?? source.Path ?? "");
}
