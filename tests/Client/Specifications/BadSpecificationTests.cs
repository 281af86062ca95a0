using System.Text;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Tests.Specifications;

public sealed class BadSpecificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, BadSpecifications.All.Count())];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mistake_is_one_line_with_its_place_and_what_to_do(int index)
    {
        var bad = BadSpecifications.All.ElementAt(index);
        var lines = ProblemsOf(_folder.Write("spec.yaml", bad.Text), bad.Sets);
        Assert.Equal(bad.Lines, lines);
    }

    [Fact]
    public void The_table_of_mistakes_is_large_and_no_line_is_twice_as_long_as_a_wide_console()
    {
        Assert.True(BadSpecifications.All.Count() >= 90);
        Assert.All(BadSpecifications.All.SelectMany(bad => bad.Lines), line => Assert.InRange(line.Length, 20, 250));
    }

    [Fact]
    public void All_mistakes_of_a_file_and_of_the_overrides_are_reported_at_once_in_their_order()
    {
        const string Text = """
            name: Bad Name
            data:
              train: { format: idx, images: a }
              shardRows: none
            features: { map: patches, width: 3, levels: [9, 3] }
            solve: { kk: 3 }
            evaluate: test
            """;
        var lines = ProblemsOf(_folder.Write("spec.yaml", Text), ["seed=x", "solve.beta=-1"]);
        Assert.Equal(
            ["spec.yaml:1", "spec.yaml:3", "spec.yaml:4", "spec.yaml:5", "spec.yaml:5", "spec.yaml:6", "spec.yaml:7", "--set solve.beta=-1", "--set seed=x"],
            lines.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_path_of_nothing_are_named()
    {
        Assert.Equal(["none.yaml: there is no such file; check the path, or start from one in examples/"], ProblemsOf(_folder.Of("none.yaml")));
        Directory.CreateDirectory(_folder.Of("folder"));
        Assert.Equal(["folder: this is a folder; expected a YAML or JSON file: name a file in it"], ProblemsOf(_folder.Of("folder")));
        Assert.Single(ProblemsOf(""));
    }

    [Fact]
    public void A_file_larger_than_one_mebibyte_is_refused_before_it_is_parsed()
    {
        var path = _folder.Write("large.yaml", BadSpecifications.Spec() + new string('#', SpecificationReader.MostBytes));
        Assert.Equal(["large.yaml: the file is larger than 1 MiB; a specification is a few lines: is this a data file?"], ProblemsOf(path));
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused_with_its_line()
    {
        File.WriteAllBytes(_folder.Of("latin.yaml"), [.. "name: m\n# caf"u8, 0xe9, .. "\nseed: 1\n"u8]);
        Assert.Equal(["latin.yaml:2: the text is not UTF-8; save the file as UTF-8"], ProblemsOf(_folder.Of("latin.yaml")));
        File.WriteAllText(_folder.Of("wide.yaml"), BadSpecifications.Spec(), Encoding.Unicode);
        Assert.Equal(["wide.yaml:1: the text is not UTF-8; save the file as UTF-8"], ProblemsOf(_folder.Of("wide.yaml")));
    }

    [Fact]
    public void A_gzip_file_given_as_a_specification_is_refused_in_one_line()
    {
        File.WriteAllBytes(_folder.Of("a.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0xff]);
        Assert.Single(ProblemsOf(_folder.Of("a.gz")));
    }

    [Fact]
    public void Deep_brackets_are_refused_at_once()
    {
        var line = Assert.Single(ProblemsOf(_folder.Write("deep.yaml", "name: " + new string('[', 500_000))));
        Assert.StartsWith("deep.yaml:1: values are nested more than", line, StringComparison.Ordinal);
    }

    [Fact]
    public void More_values_than_a_specification_can_have_are_refused_at_once()
    {
        var text = BadSpecifications.Spec(extra: string.Join('\n', Enumerable.Range(0, 40_000).Select(key => $"k{key}: 1")));
        var line = Assert.Single(ProblemsOf(_folder.Write("many.yaml", text)));
        Assert.Contains("more than 10,000 values", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_brace_within_a_word_at_which_the_parser_gives_up_is_a_problem_with_its_line()
    {
        var line = Assert.Single(ProblemsOf(_folder.Write("spec.yaml", BadSpecifications.Spec(test: "test: { format: idx, images: c, lab{ls: d }"))));
        Assert.StartsWith("spec.yaml:4: this is not YAML: a bracket or a brace is in the wrong place;", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_specifications_and_overrides_give_problems_and_never_anything_else()
    {
        const string Damage = " \t\n:{}[],'\"&*!|>-#%@?~.01ax\u00e9\u0001";
        var random = new Random(1);
        var text = BadSpecifications.Spec(features: "features:\n  - map: bins\n    levels: [32, 128]", extra: "solve: { k: [1, 2], alpha: auto }");
        for (var trial = 0; trial < 300; trial++)
        {
            var damaged = text.ToCharArray();
            for (var hit = random.Next(1, 4); hit > 0; hit--)
                damaged[random.Next(damaged.Length)] = Damage[random.Next(Damage.Length)];
            var set = "features.0.levels=[32]".ToCharArray();
            set[random.Next(set.Length)] = Damage[random.Next(Damage.Length)];
            var path = _folder.Write("spec.yaml", new string(damaged));
            var exception = Record.Exception(() => SpecificationReader.Read(path, [new string(set)]));
            Assert.True(exception is null or SpecificationException { Problems.Count: > 0 }, $"{exception}\n{new string(damaged)}\n{new string(set)}");
            if (exception is SpecificationException { Problems: var problems })
                Assert.All(problems, problem => Assert.DoesNotContain(problem.ToString(), char.IsControl));
        }
    }

    [Fact]
    public void Foreign_text_in_a_line_is_escaped_and_shortened()
    {
        var text = BadSpecifications.Spec(extra: "\"a\\e[31m\\nb\": 1\n" + new string('x', 300) + ": 1");
        var lines = ProblemsOf(_folder.Write("spec.yaml", text));
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Contains("'a\\u001b[31m\\nb'", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 100), lines[1], StringComparison.Ordinal);
    }

    private string[] ProblemsOf(string path, params string[] sets)
    {
        var exception = Assert.Throws<SpecificationException>(() => SpecificationReader.Read(path, sets));
        return [.. exception.Problems.Select(problem => problem.ToString().Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))];
    }
}
