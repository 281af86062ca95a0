namespace ExplicitCluster.Client.Specifications;

/// <summary>
/// The files that a path means: a folder is all files in it and below, <c>*</c> and <c>?</c> in the last part of a path stand for names in its folder, <c>**</c> before it for
/// folders below. Names that begin with a point are passed over. Files come in ordinal order of their paths.
/// </summary>
internal static class SourceFiles
{
    /// <summary>More sources would make a job's plan larger than its data.</summary>
    public const int Most = 4096;

    /// <summary>Null where the path means one file, whether there is one or not.</summary>
    /// <param name="path">A full path.</param>
    /// <returns>At most <see cref="Most"/> + 1 files; none where nothing fits or the folder cannot be read.</returns>
    public static IReadOnlyList<string>? Find(string path)
    {
        if (Directory.Exists(path))
            return In(path, "*", recurse: true);
        var (folder, pattern) = (Path.GetDirectoryName(path), Path.GetFileName(path));
        if (folder is null || File.Exists(path) || pattern.IndexOfAny(['*', '?']) < 0)
            return null;
        var recurse = Path.GetFileName(folder) == "**";
        return In(recurse ? Path.GetDirectoryName(folder)! : folder, pattern, recurse);
    }

    private static List<string> In(string folder, string pattern, bool recurse)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = recurse, MatchType = MatchType.Simple, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
        try
        {
            var files = Directory.EnumerateFiles(folder, pattern, options).Where(file => !IsHidden(Path.GetRelativePath(folder, file))).Take(Most + 1);
            return [.. files.Order(StringComparer.Ordinal)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static bool IsHidden(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'));
}
