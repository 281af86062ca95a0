using System.Collections.Concurrent;

namespace ExplicitCluster.Data.Sources;

/// <summary>The folders that sources may be read from by path, links resolved; whoever reaches a silo's ports names paths, and must not read what else is there.</summary>
public sealed class SourceRoots(IEnumerable<string> folders)
{
    /// <summary>Links are followed again after so long: a file is read in thousands of pieces, and a path has many parts.</summary>
    private const int GoodForMilliseconds = 1000;

    private const int MostChecked = 1000;

    private readonly string[] _folders = [.. folders.Select(RealPath.Of)];
    private readonly ConcurrentDictionary<string, long> _checked = new(StringComparer.Ordinal);

    /// <exception cref="SourceException">A path leads out of the folders.</exception>
    internal void Check(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var now = Environment.TickCount64;
            if (_checked.TryGetValue(path, out var at) && now - at < GoodForMilliseconds)
                continue;
            var real = RealPath.Of(path);
            if (!_folders.Any(folder => RealPath.IsWithin(folder, real)))
            {
                _checked.TryRemove(path, out _);
                throw new SourceException(
                    $"{path} is not within the folders that this silo reads sources from.",
                    "Train through the command explicit, which uploads the file, or add its folder to DataRoots of every silo.");
            }
            if (_checked.Count >= MostChecked)
                _checked.Clear();
            _checked[path] = now;
        }
    }
}
