namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Additions to, and removals from, a specification's sources that cannot be meant: one line, and the file stays as it is.</summary>
[Collection(nameof(InProcess))]
public sealed class BadManifestTests
{
    private const string Specification = """
        name: small
        data:
          train:
            - { format: csv, path: one, label: c }
            - { format: csv, path: two, label: c, removed: [1] }
        features: pixels
        solve: { k: 2, alpha: 0.1 }
        """;

    private static readonly BadInput[] Cases =
    [
        new("no source to remove", "data remove spec.yaml", Outcome.WrongUsage, "Required argument missing for command: 'remove'"),
        new("a source that is not there", "data remove spec.yaml three", Outcome.Failed, "spec.yaml has no training source 'three'", "see 'explicit data show SPEC'"),
        new("a number too high", "data remove spec.yaml 2", Outcome.Failed, "spec.yaml has no training source 2; it has 2, numbered from 0"),
        new("rows that are no range", "data remove spec.yaml one --rows 3-1", Outcome.WrongUsage, "--rows '3-1' is no range of rows", "rows like 1000-1999"),
        new("ranges that overlap", "data remove spec.yaml one --rows 0-2 --rows 2-3", Outcome.WrongUsage, "--rows 0-2 and 2-3 overlap"),
        new("rows that the source does not have", "data remove spec.yaml one --rows 3-4", Outcome.Failed, "rows 3-4 are not all in source 0, ", "which has rows 0 to 3") { IsProcess = true },
        new("rows that are removed already", "data remove spec.yaml two --rows 0-1", Outcome.Failed, "rows 0-1 and 1 of source 1, ", "leave out what is removed already"),
        new("every row", "data remove spec.yaml one --rows 0-3", Outcome.Failed, "would be left", "remove the source itself"),
        new("every row that is left", "data remove spec.yaml two --rows 0 --rows 2-3", Outcome.Failed, "would be left"),
        new("rows of a file that is gone", "data remove spec.yaml one --rows 0", Outcome.Failed, "one does not exist") { Prepare = folder => File.Delete(folder["one"]) },
        new("the last source", "data remove single.yaml 0", Outcome.Failed, "is the last training source of single.yaml"),
        new("rows to put back that are there", "data add spec.yaml two --rows 0-1", Outcome.Failed, "rows 0-1 of source 1, ", "are not all removed; removed are 1"),
        new("rows to put back into a whole source", "data add spec.yaml one", Outcome.Failed, "no row of source 0, ", "is removed"),
        new("rows to put back into no source", "data add spec.yaml --rows 1", Outcome.WrongUsage, "no source is given", "explicit data add SPEC 0 --rows 1000-1999"),
        new("a new source and an old one", "data add spec.yaml one --path two --label c", Outcome.WrongUsage, "--path describes a new source"),
        new("nothing to add", "data add spec.yaml", Outcome.WrongUsage, "no source to add is given", "--path FILE --label COLUMN"),
        new("images and a table", "data add spec.yaml --images a --path b", Outcome.WrongUsage, "--images and --path describe two sources"),
        new("images without labels", "data add spec.yaml --images a", Outcome.WrongUsage, "--images needs --labels"),
        new("a table without a label column", "data add spec.yaml --path two", Outcome.WrongUsage, "--path needs --label"),
        new("a column's name without a header", "data add spec.yaml --path two --label c --no-header", Outcome.WrongUsage, "--label is 'c', and with --no-header no column has a name"),
        new("a file that is not there", "data add spec.yaml --path three --label c", Outcome.Failed, "three does not exist"),
        new("a file that is there already", "data add spec.yaml --path one --label c", Outcome.Failed, "one is in spec.yaml already, as training source 0", "--again"),
        new("a content that is there already", "data add spec.yaml --path copy --label c", Outcome.Failed, "copy is in spec.yaml already, as training source 0", "--again") { Prepare = folder => File.Copy(folder["one"], folder["copy"]) },
        new("rows of another shape", "data add spec.yaml --path wide --label c", Outcome.Failed, "give sources of one shape") { Prepare = folder => folder.Write("wide", "a,b,d,c\n1,2,3,x\n") },
        new("columns in another order", "data add spec.yaml --path turned --label c", Outcome.Failed, "has column 1 'b'") { Prepare = folder => folder.Write("turned", "b,a,c\n1,2,x\n") },
        new("a specification with a mistake", "data add bad.yaml --path two --label c", Outcome.WrongUsage, "bad.yaml:1: unknown key 'nam'") { Prepare = folder => folder.Write("bad.yaml", Specification.Replace("name", "nam", StringComparison.Ordinal)) },
        new("training on rows that are not there", "train single.yaml --set data.train.removed=[4]", Outcome.Failed, "rows 4 to 4 are removed, and the source has rows 0 to 3"),
        new("a model to verify that is not there", "models verify small", Outcome.Failed, "no model 'small' in the store"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_change_that_cannot_be_meant_is_refused_and_the_file_stays(string name)
    {
        var bad = Cases.Single(item => item.Name == name);
        await (bad with
        {
            Prepare = folder =>
            {
                folder.Write("spec.yaml", Specification);
                folder.Write("single.yaml", "name: small\ndata: { train: { format: csv, path: one, label: c } }\nfeatures: pixels\nsolve: { k: 2, alpha: 0.1 }\n");
                folder.Write("one", "a,b,c\n1,2,x\n3,1,y\n2,2,x\n4,1,y\n");
                folder.Write("two", "a,b,c\n5,2,x\n3,1,y\n2,2,x\n4,1,y\n");
                bad.Prepare(folder);
            },
            After = folder => Assert.Equal(Specification, File.ReadAllText(folder["spec.yaml"])),
        }).AssertRefusedAsync();
    }
}
