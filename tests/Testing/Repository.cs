namespace ExplicitCluster.Testing;

/// <summary>The clone that the running tests were built from.</summary>
public static class Repository
{
    private const string Solution = "ExplicitCluster.sln";

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: how the running tests were built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Full path of a file or folder of the clone.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Folder that a project was built into, in the configuration of the running tests.</summary>
    public static string OutputOf(string project) => PathOf(project, "bin", Configuration, new DirectoryInfo(AppContext.BaseDirectory).Name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not within a clone: no folder above it has {Solution}. Run the tests where they were built.");
    }
}
