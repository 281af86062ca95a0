namespace ExplicitCluster.Data.Sources;

/// <summary>Paths without links, so that a link out of a folder is not taken for something within it.</summary>
public static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The full path with every link on the way replaced by what it points to; parts that do not exist stay as they are.</summary>
    public static string Of(string path)
    {
        var links = 0;
        return Resolve(Path.GetFullPath(path), ref links);
    }

    /// <summary>Whether a path without links is a folder or lies below it.</summary>
    public static bool IsWithin(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative != ".." && !relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !Path.IsPathRooted(relative);
    }

    private static string Resolve(string full, ref int links)
    {
        var current = Path.GetPathRoot(full)!;
        foreach (var part in full[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(current, part);
            current = new FileInfo(next).LinkTarget is { } target && links++ < MostLinks ? Resolve(Path.GetFullPath(target, current), ref links) : next;
        }
        return current;
    }
}
