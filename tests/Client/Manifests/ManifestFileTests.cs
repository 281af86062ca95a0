using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Manifests;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Tests.Manifests;

/// <summary>Sources are edited within the text of a specification: all else stays as it was written.</summary>
public sealed class ManifestFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Lists => new()
    {
        { "in lines", "  train:   # ours\n    - { format: csv, path: a, label: y } # first\n    # of last year\n    - format: csv\n      path: b\n      label: 'y'\n  shardRows: 5 # few\n" },
        { "in brackets", "  train: [{ format: csv, path: a, label: y }, { format: csv, path: b, label: y }] # two\n" },
        { "in brackets over lines", "  train: [\n    { format: csv, path: a, label: y }, # first\n    { format: csv, path: b, label: y }\n  ]\n" },
        { "without indentation", "  train:\n  - {format: csv, path: a, label: y}\n  - {format: csv, path: b, label: y}\n" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Lists))]
    public void What_is_added_and_removed_again_leaves_the_file_as_it_was(string how, string train)
    {
        Assert.NotEmpty(how);
        var text = $"# a model\nname: m # mine\ndata:\n{train}features: pixels\n";
        var path = _folder.Write("spec.yaml", text);
        ManifestFile.Open(path).Add(Source("c"));
        Assert.Equal(["a", "b", "c"], NamesIn(path));
        Assert.Contains("{ format: csv, path: c, label: y }", File.ReadAllText(path), StringComparison.Ordinal);
        ManifestFile.Open(path).SetRemoved(1, [new(1000, 1999), new(5000, 5000)]);
        Assert.Contains("removed: [1000-1999, 5000]", File.ReadAllText(path), StringComparison.Ordinal);
        ManifestFile.Open(path).SetRemoved(1, [new(7, 8)]);
        Assert.Equal([new(7, 8)], ManifestFile.Open(path).Sources[1].Removed);
        ManifestFile.Open(path).SetRemoved(1, []);
        ManifestFile.Open(path).Remove(2);
        Assert.Equal(text, File.ReadAllText(path));
        ManifestFile.Open(path).Remove(0);
        Assert.Equal(["b"], NamesIn(path));
    }

    [Theory]
    [InlineData("  train: { format: csv, path: a, label: y } # one\n", "  train:\n    - { format: csv, path: a, label: y } # one\n    - { format: csv, path: c, label: y }\n")]
    [InlineData("  train:\n    format: csv\n    path: a # one\n    label: y\n", "  train:\n    - format: csv\n      path: a # one\n      label: y\n    - { format: csv, path: c, label: y }\n")]
    public void A_single_source_becomes_a_list(string train, string expected)
    {
        const string Rest = "  test: { format: csv, path: t, label: y }\nfeatures: pixels\n";
        var path = _folder.Write("spec.yaml", $"name: m\ndata:\n{train}{Rest}");
        ManifestFile.Open(path).Add(Source("c"));
        Assert.Equal($"name: m\ndata:\n{expected}{Rest}", File.ReadAllText(path));
    }

    [Fact]
    public void Of_a_folder_no_single_file_is_taken_out_and_sources_can_be_added()
    {
        Directory.CreateDirectory(_folder.Of("rows"));
        _folder.Write("rows/1.csv", "");
        _folder.Write("rows/2.csv", "");
        var path = _folder.Write("spec.yaml", "name: m\ndata:\n  train: { format: csv, path: rows, label: y }\n  split: { every: 2, remainder: 0 }\nfeatures: pixels\n");
        var error = Assert.Throws<JobException>(() => ManifestFile.Open(path).Remove(1));
        Assert.Contains("data.train has 1 entries that mean 2 files", error.Message, StringComparison.Ordinal);
        ManifestFile.Open(path).Add(Source("c"));
        Assert.Equal(["1.csv", "2.csv", "c"], NamesIn(path));
    }

    [Fact]
    public void Json_stays_json()
    {
        const string Json = "{\r\n  \"name\": \"m\",\r\n  \"data\": {\r\n    \"train\": { \"format\": \"csv\", \"path\": \"a\", \"label\": \"y\" }\r\n  },\r\n  \"features\": \"pixels\"\r\n}";
        var path = _folder.Write("spec.json", Json);
        ManifestFile.Open(path).Add(Source("c d"));
        ManifestFile.Open(path).SetRemoved(1, [new(3, 4)]);
        var train = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("data").GetProperty("train");
        Assert.Equal("c d", train[1].GetProperty("path").GetString());
        Assert.Equal("3-4", train[1].GetProperty("removed")[0].GetString());
    }

    [Fact]
    public void Names_that_yaml_would_misread_stand_in_quotes()
    {
        var path = _folder.Write("spec.yaml", "name: m\ndata: { train: { format: csv, path: a, label: y } }\nfeatures: pixels\n");
        string[] columns = ["a b", "null", "x: y", "#", "é", "a\"b", "-", "[", "12", "true"];
        foreach (var column in columns)
            ManifestFile.Open(path).Add(Source($"rows {column}") with { LabelColumn = column });
        Assert.Equal(columns, ManifestFile.Open(path).Sources.Skip(1).Select(source => source.LabelColumn));
    }

    [Fact]
    public void A_file_beside_the_specification_is_written_relative_and_another_in_full()
    {
        var path = _folder.Write("spec.yaml", "name: m\ndata: { train: { format: csv, path: a, label: y } }\nfeatures: pixels\n");
        ManifestFile.Open(path).Add(Source("deep/c"));
        ManifestFile.Open(path).Add(Source("x") with { Path = "/elsewhere/d" });
        Assert.Contains("path: deep/c,", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Contains("path: /elsewhere/d,", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_edited_in_place_is_refused_and_left_alone()
    {
        const string Text = "name: m\ndata:\n  train:\n    -\n      # a - dash in a comment\n      { format: csv, path: a, label: y }\n    - { format: csv, path: b, label: y }\nfeatures: pixels\n";
        var path = _folder.Write("spec.yaml", Text);
        var error = Assert.Throws<JobException>(() => ManifestFile.Open(path).Remove(0));
        Assert.Contains("cannot be edited in place; the file is unchanged", error.Message, StringComparison.Ordinal);
        Assert.Equal(Text, File.ReadAllText(path));
        Assert.Equal(["spec.yaml"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_link_to_a_specification_stays_a_link()
    {
        var path = _folder.Write("spec.yaml", "name: m\ndata: { train: { format: csv, path: a, label: y } }\nfeatures: pixels\n");
        File.CreateSymbolicLink(_folder.Of("link.yaml"), path);
        ManifestFile.Open(_folder.Of("link.yaml")).Add(Source("c"));
        Assert.Equal(path, new FileInfo(_folder.Of("link.yaml")).LinkTarget);
        Assert.Equal(["a", "c"], NamesIn(path));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("b.csv", 1)]
    [InlineData("ar/a", 0)]
    [InlineData("year/a.csv", 0)]
    public void A_source_is_found_by_number_path_or_part_of_a_path(string name, int expected) =>
        Assert.Equal(expected, SourceLookup.Find([Source("year/a.csv"), Source("year/b.csv")], name, _folder.Of("spec.yaml")));

    [Theory]
    [InlineData("2", "spec.yaml has no training source 2; it has 2, numbered from 0")]
    [InlineData("c.csv", "spec.yaml has no training source 'c.csv'")]
    [InlineData("", "spec.yaml has no training source ''")]
    [InlineData("year", "'year' is in the paths of 2 training sources of spec.yaml: 0, 1")]
    public void A_source_that_is_not_meant_by_one_name_is_refused(string name, string expected)
    {
        var error = Assert.Throws<JobException>(() => SourceLookup.Find([Source("year/a.csv"), Source("year/b.csv")], name, "spec.yaml"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private SourceSpecification Source(string name) => new() { Format = SourceFormat.Csv, Path = _folder.Of(name), LabelColumn = "y" };

    private static IEnumerable<string?> NamesIn(string path) => SpecificationReader.Read(path, []).Data.Train.Select(source => Path.GetFileName(source.Path));
}
