using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Architecture.Tests;

/// <summary>Arrows between projects point one way: Client and Silo to Grains to Data to Numerics, all to Abstractions.</summary>
public sealed class ProjectArrowTests
{
    private const string EmbeddedSilo = "Client/Hosting/EmbeddedSilo.cs";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Client"] = ["Grains", "Data", "Numerics", "Abstractions"],
        ["Silo"] = ["Grains", "Data", "Numerics", "Abstractions"],
        ["Grains"] = ["Data", "Numerics", "Abstractions"],
        ["Data"] = ["Numerics", "Abstractions"],
        ["Numerics"] = [],
        ["Abstractions"] = [],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_has_its_place() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), ProjectFile.Product.Select(project => project.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_refers_only_to_layers_below(string name)
    {
        var project = ProjectFile.Product.Single(project => project.Name == name);
        Assert.Empty(project.References.Except(Allowed[name]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_built_assembly_refers_only_to_layers_below(string name)
    {
        var assembly = Path.Combine(Repository.OutputOf(name), name switch { "Client" => "explicit.dll", "Silo" => "explicit-silo.dll", _ => $"ExplicitCluster.{name}.dll" });
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var references = metadata.AssemblyReferences.Select(handle => ProjectFile.NameOf(metadata.GetString(metadata.GetAssemblyReference(handle).Name)));
        Assert.Empty(references.OfType<string>().Except(Allowed[name]));
    }

    [Fact]
    public void Numerics_knows_neither_Orleans_nor_files_nor_the_clock()
    {
        string[] foreign = ["Orleans", "System.IO.FileStream", "File.", "DateTime", "Stopwatch", "TimeProvider"];
        foreach (var file in SourceFiles.CSharp.Where(file => file.StartsWith("Numerics/", StringComparison.Ordinal)))
            Assert.All(foreign, word => Assert.False(SourceFiles.TextOf(file).Contains(word, StringComparison.Ordinal), $"{file} mentions {word}"));
    }

    [Fact]
    public void The_client_hosts_a_silo_in_one_file_only()
    {
        var hosting = SourceFiles.CSharp.Where(file => file.StartsWith("Client/", StringComparison.Ordinal))
            .Where(file => SourceFiles.TextOf(file) is var text && (Has(text, "UseOrleans(") || Has(text, "UseLocalhostClustering") || Has(text, "ISiloBuilder")));
        Assert.Equal([EmbeddedSilo], hosting);
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.Ordinal);
}
