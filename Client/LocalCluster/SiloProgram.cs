using System.Runtime.InteropServices;
using ExplicitCluster.Client.Commands;

namespace ExplicitCluster.Client.LocalCluster;

/// <summary>The silo's program, which lies beside this one in the folder <c>silo</c>; EXPLICIT__SILO names another.</summary>
internal static class SiloProgram
{
    private const string Name = "explicit-silo";

    /// <summary>The command that starts it.</summary>
    /// <exception cref="UsageException">There is no such program.</exception>
    public static IReadOnlyList<string> Find()
    {
        if (Environment.GetEnvironmentVariable("EXPLICIT__SILO") is { Length: > 0 } given)
        {
            return !File.Exists(given)
                ? throw new UsageException($"EXPLICIT__SILO names {given}, which does not exist", $"name the executable {Name}, or unset EXPLICIT__SILO")
                : given.EndsWith(".dll", StringComparison.Ordinal) ? [Dotnet(), given] : [Path.GetFullPath(given)];
        }
        var beside = Path.Combine(AppContext.BaseDirectory, "silo", Name);
        if (File.Exists(beside) && IsExecutable(beside))
            return [beside];
        // A package of a .NET tool does not keep the permission to execute.
        return File.Exists($"{beside}.dll")
            ? [Dotnet(), $"{beside}.dll"]
            : throw new UsageException($"the silo's program is missing: there is no {beside}", $"build or install the client as a whole, or name {Name} with EXPLICIT__SILO");
    }

    private static bool IsExecutable(string file) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;

    /// <summary>The host that this process runs on.</summary>
    private static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, "dotnet") is var dotnet && File.Exists(dotnet) ? dotnet : "dotnet";
    }
}
