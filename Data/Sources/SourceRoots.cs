namespace ExplicitCluster.Data.Sources;

/// <summary>The folders that sources may be read from by path, links resolved; whoever reaches a silo's ports names paths, and must not read what else is there.</summary>
public sealed class SourceRoots(IEnumerable<string> folders)
{
    private readonly string[] _folders = [.. folders.Select(RealPath.Of)];

    /// <exception cref="SourceException">A path leads out of the folders.</exception>
    internal void Check(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var real = RealPath.Of(path);
            if (!_folders.Any(folder => RealPath.IsWithin(folder, real)))
            {
                throw new SourceException(
                    $"{path} is not within the folders that this silo reads sources from.",
                    "Train through the command explicit, which uploads the file, or add its folder to DataRoots of every silo.");
            }
        }
    }
}
