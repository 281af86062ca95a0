using ExplicitCluster.Testing;

namespace ExplicitCluster.Architecture.Tests;

/// <summary>The files of the clone that people write, by their paths within it; what builds and runs leave behind is not among them.</summary>
internal static class SourceFiles
{
    private static readonly string[] LeftBehind = ["bin", "obj", "artifacts", "pictures", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static IReadOnlyList<string> All { get; } = [.. Below(new DirectoryInfo(Repository.Root)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> CSharp { get; } = [.. All.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))];

    public static string TextOf(string file) => File.ReadAllText(Repository.PathOf(file));

    public static bool IsOfTests(string file) => file.StartsWith("tests/", StringComparison.Ordinal) || file.StartsWith("bench/", StringComparison.Ordinal);

    private static IEnumerable<string> Below(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => file.Name != ".git"))
            yield return Path.GetRelativePath(Repository.Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
        foreach (var inner in folder.EnumerateDirectories().Where(IsWritten))
        {
            foreach (var file in Below(inner))
                yield return file;
        }
    }

    /// <summary>Of folders whose name starts with a dot, only the one of the build's entry.</summary>
    private static bool IsWritten(DirectoryInfo folder) =>
        folder.LinkTarget is null && !LeftBehind.Contains(folder.Name) && (!folder.Name.StartsWith('.') || folder.Name == ".ci");
}
