using System.Xml.Linq;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Architecture.Tests;

/// <summary>A project of the product: its name, and the projects that its file refers to.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> References)
{
    private const string Prefix = "ExplicitCluster.";

    /// <summary>Every project outside tests/ and bench/.</summary>
    public static IReadOnlyList<ProjectFile> Product { get; } =
        [.. SourceFiles.All.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !SourceFiles.IsOfTests(file)).Select(Read)];

    /// <summary>The name of a project from that of its file or its assembly; null where it is none of ours.</summary>
    public static string? NameOf(string fileOrAssembly) => fileOrAssembly switch
    {
        "explicit" => "Client",
        _ when fileOrAssembly.StartsWith(Prefix, StringComparison.Ordinal) => fileOrAssembly[Prefix.Length..],
        _ => null,
    };

    private static ProjectFile Read(string path)
    {
        var references = XDocument.Load(Repository.PathOf(path)).Descendants("ProjectReference")
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false") // only built before, and no part of the code
            .Select(reference => NameOfFile(reference.Attribute("Include")!.Value));
        return new ProjectFile(NameOfFile(path), [.. references]);
    }

    private static string NameOfFile(string path) => NameOf(Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))!;
}
