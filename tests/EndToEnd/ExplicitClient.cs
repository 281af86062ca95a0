using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>The built console, <c>explicit</c>, as people run it: an executable in the client's output folder.</summary>
internal static class ExplicitClient
{
    public static string Folder { get; } = Repository.OutputOf("Client");

    public static string Executable { get; } = Path.Combine(Folder, "explicit");

    public static Task<Outcome> RunAsync(string folder, params string[] arguments) => RunAsync(new Launch { Folder = folder }, arguments);

    public static async Task<Outcome> RunAsync(Launch launch, params string[] arguments)
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing: build the solution first");
        using var process = RunningProcess.Start(Executable, arguments, launch);
        return await process.EndAsync();
    }

    /// <summary>Full path of an example specification.</summary>
    public static string Example(string name) => Repository.PathOf("examples", $"{name}.yaml");
}
