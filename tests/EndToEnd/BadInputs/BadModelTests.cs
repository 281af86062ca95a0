using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Models whose files were damaged, and rows that do not suit a model.</summary>
[Collection(nameof(InProcess))]
public sealed class BadModelTests(SmallModel model) : IClassFixture<SmallModel>
{
    private const string Weights = "weights.safetensors";
    private const string Description = "model.json";

    private static readonly BadInput[] Cases =
    [
        new("weights cut off", "models predict small --data spec.yaml --part train", Outcome.Failed, "weights.safetensors is damaged") { Prepare = Changing(Weights, file => file[..^5]), IsProcess = true },
        new("weights of one other bit", "models evaluate small --data spec.yaml --part train", Outcome.Failed, "weights.safetensors is damaged at its checksum") { Prepare = Changing(Weights, Flip) },
        new("weights empty", "models inspect small", Outcome.Failed, "weights.safetensors is damaged at its header") { Prepare = Changing(Weights, _ => []) },
        new("weights missing", "models predict small --data spec.yaml --part train", Outcome.Failed, "weights.safetensors") { Prepare = folder => Delete(folder, Weights) },
        new("a description with another figure", "models show small", Outcome.Failed, "model.json is damaged at its checksum") { Prepare = Changing(Description, Flip) },
        new("a description cut off", "models evaluate small --data spec.yaml --part train", Outcome.Failed, "model.json is damaged") { Prepare = Changing(Description, file => file[..40]) },
        new("rows of another shape", "models predict small --data other.yaml", Outcome.Failed, "was trained on", "give rows of the shape that the model was trained on") { Prepare = Other("a,c\n1,x\n") },
        new("rows of another shape to evaluate", "models evaluate small --data other.yaml", Outcome.Failed, "was trained on") { Prepare = Other("a,c\n1,x\n") },
        new("a label that the model does not know", "models evaluate small --data other.yaml", Outcome.Failed, "none of 1 rows has a label that occurs in the training rows") { Prepare = Other("a,b,c\n1,2,z\n") },
        new("a version that is not there", "models show small/ffffffffffffffff", Outcome.Failed, "no model 'small/ffffffffffffffff' in the store; the newest are small/"),
        new("pictures where a file is", "models inspect small --output table", Outcome.Failed, "table"),
        new("a report where a file is", "models report small --output table", Outcome.Failed, "table/small-", "name a folder that can be written to"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_damaged_model_or_rows_that_do_not_suit_it_are_refused(string name)
    {
        var bad = Cases.Single(item => item.Name == name);
        return (bad with
        {
            Prepare = folder =>
            {
                model.CopyTo(folder.Path);
                bad.Prepare(folder);
            },
        }).AssertRefusedAsync();
    }

    [Fact]
    public async Task A_list_leaves_a_damaged_model_out_and_says_so()
    {
        using var folder = new TemporaryFolder();
        model.CopyTo(folder.Path);
        SmallModel.Change(folder.Path, Description, Flip);
        var listed = (await InProcess.RunAsync(folder.Path, "models", "list", "--json")).Successful();
        Assert.Empty(listed.Json().EnumerateArray());
        Assert.StartsWith("left out: ", listed.Error, StringComparison.Ordinal);
        Assert.Contains("model.json is damaged at its checksum", listed.Error, StringComparison.Ordinal);
    }

    private static Action<TemporaryFolder> Changing(string file, Func<byte[], byte[]> change) => folder => SmallModel.Change(folder.Path, file, change);

    private static Action<TemporaryFolder> Other(string table) => folder =>
    {
        folder.Write("other.yaml", "test: { format: csv, path: other.csv, label: c }\n");
        folder.Write("other.csv", table);
    };

    private static void Delete(TemporaryFolder folder, string name) =>
        File.Delete(Assert.Single(Directory.GetFiles(folder[".explicit/models"], name, SearchOption.AllDirectories)));

    private static byte[] Flip(byte[] file)
    {
        file[^9] ^= 1;
        return file;
    }
}
