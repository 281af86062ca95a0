using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Architecture.Tests;

/// <summary>Rules of the house that a machine can check.</summary>
public sealed partial class SourceRuleTests
{
    private const int MostLines = 400;

    private static readonly string[] Binary = [".gz", ".png", ".dll", ".nupkg", ".safetensors"];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = SourceFiles.CSharp.Select(file => (File: file, Lines: SourceFiles.TextOf(file).Count(character => character == '\n'))).Where(item => item.Lines > MostLines);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_type_and_no_file_has_a_name_that_says_nothing()
    {
        foreach (var file in SourceFiles.CSharp)
        {
            var names = TypeName.Matches(SourceFiles.TextOf(file)).Select(match => match.Groups[1].Value).Prepend(Path.GetFileNameWithoutExtension(file));
            Assert.All(names, name => Assert.False(EmptyName.IsMatch(name), $"{file}: {name}"));
        }
    }

    [Fact]
    public void Names_that_say_nothing_are_recognised()
    {
        Assert.All((string[])["Utils", "Helper", "JobHelpers", "CommonTypes", "JobManager", "GrainBase", "Utilities"], name => Assert.Matches(EmptyName, name));
        Assert.All((string[])["DatabaseRow", "Managed", "Commons2", "Helping"], name => Assert.DoesNotMatch(EmptyName, name));
        Assert.Equal(["A", "B", "C", "D", "E"], TypeName.Matches("class A { } record B; record struct C; interface D enum E").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void No_file_names_a_folder_of_the_machine_it_was_written_on()
    {
        foreach (var file in SourceFiles.All.Where(file => !Binary.Contains(Path.GetExtension(file))))
        {
            var text = Encoding.UTF8.GetString(File.ReadAllBytes(Repository.PathOf(file)));
            Assert.False(text.Contains(Repository.Root + "/", StringComparison.Ordinal), $"{file} holds the path of this clone");
            Assert.False(HomeFolder.IsMatch(text), $"{file} holds the path {HomeFolder.Match(text).Value}");
        }
    }

    [Fact]
    public void No_built_assembly_of_the_product_exposes_a_type_without_a_namespace_of_ours()
    {
        foreach (var assembly in (Assembly[])[typeof(Abstractions.Jobs.ITrainingJobGrain).Assembly, typeof(Numerics.Encodings.RowShape).Assembly, typeof(Data.Store.IArtifactStore).Assembly])
            Assert.All(assembly.GetExportedTypes().Where(type => !type.FullName!.Contains("OrleansCodeGen", StringComparison.Ordinal)), type => Assert.StartsWith("ExplicitCluster.", type.Namespace));
    }

    [GeneratedRegex(@"(?:^|[a-z0-9])(?:Utils?|Utilit(?:y|ies)|Helpers?|Common|Managers?|Base)(?:$|[A-Z])")]
    private static partial Regex EmptyName { get; }

    [GeneratedRegex(@"\b(?:class|record(?: struct| class)?|struct|interface|enum)\s+(?!struct\b|class\b)([A-Z]\w*)")]
    private static partial Regex TypeName { get; }

    [GeneratedRegex(@"/(?:home|Users|root)/[a-z_][\w.-]*/|[A-Z]:\\Users\\|/tmp/[\w.-]+/[\w.-]+/|/work/[a-z]")]
    private static partial Regex HomeFolder { get; }
}
