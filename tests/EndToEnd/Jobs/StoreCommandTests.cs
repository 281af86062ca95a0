using System.IO.Compression;
using ExplicitCluster.EndToEnd.Tests.Fashion;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Jobs;

/// <summary>The commands that look at jobs, models and data, on a store with trained models.</summary>
[Collection(nameof(InProcess))]
public sealed class StoreCommandTests(TrainedStore store)
{
    private const int IdxLabelHeader = 8;

    [Fact]
    public async Task Jobs_are_listed_and_shown_by_the_start_of_their_id()
    {
        var trained = await store.TrainAsync("fashion-patches");
        var id = trained.GetProperty("job").GetString()!;
        var listed = (await RunAsync("jobs", "list", "--json")).Json().EnumerateArray().Single(job => job.GetProperty("job").GetString() == id);
        Assert.Equal("done", listed.GetProperty("status").GetString());
        Assert.Equal("fashion-patches", listed.GetProperty("name").GetString());
        var shown = (await RunAsync("jobs", "show", id, "--json")).Json();
        Assert.Equal(trained.GetRawText(), shown.GetRawText());
        Assert.Contains(id, (await RunAsync("jobs", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("0.8057", (await RunAsync("jobs", "show", id)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_listed_and_shown_with_their_lineage()
    {
        var trained = await store.TrainAsync("fashion-pixels");
        var model = trained.GetProperty("model").GetString()!;
        var models = (await RunAsync("models", "list", "--json")).Json().EnumerateArray().Select(item => item.GetProperty("model").GetString());
        Assert.Contains(model, models);
        Assert.Contains("fashion-pixels", (await RunAsync("models", "list")).Output, StringComparison.Ordinal);
        var shown = (await RunAsync("models", "show", model, "--json")).Json();
        Assert.Equal(trained.GetProperty("weightsSha256").GetString(), shown.GetProperty("weightsSha256").GetString());
        Assert.Equal(trained.GetProperty("job").GetString(), shown.GetProperty("lineage").GetProperty("job").GetString());
        Assert.Contains("given", (await RunAsync("models", "show", "fashion-pixels")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predictions_and_evaluation_of_a_saved_model_agree_with_its_job()
    {
        var trained = await store.TrainAsync("fashion-patches");
        string[] data = [trained.GetProperty("model").GetString()!, "--data", ExplicitClient.Example("fashion-patches")];
        var evaluated = (await RunAsync(["models", "evaluate", .. data, "--json"])).Json();
        foreach (var figure in (string[])["rows", "accuracy", "crossEntropy", "calibrationError"])
            Assert.Equal(trained.GetProperty("test").GetProperty(figure).GetRawText(), evaluated.GetProperty(figure).GetRawText());

        var labels = TestLabels();
        var lines = (await ExplicitClient.RunAsync(store.Folder, ["models", "predict", .. data])).Successful().Output.TrimEnd('\n').Split('\n');
        Assert.Equal("row\tlabel\tprobability", lines[0]);
        Assert.Equal(labels.Length, lines.Length - 1);
        var correct = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            var fields = lines[row + 1].Split('\t');
            Assert.Equal($"{row}", fields[0]);
            Assert.InRange(double.Parse(fields[2]), .1, 1);
            correct += fields[1] == $"{labels[row]}" ? 1 : 0;
        }
        Assert.Equal(evaluated.GetProperty("accuracy").GetDouble(), (double)correct / labels.Length);
    }

    [Fact]
    public async Task Predicted_probabilities_are_those_that_the_job_measured()
    {
        var trained = await store.TrainAsync("fashion-pixels");
        var model = trained.GetProperty("model").GetString()!;
        var predicted = (await ExplicitClient.RunAsync(store.Folder, "models", "predict", model, "--data", ExplicitClient.Example("fashion-pixels"), "--json")).Successful().Json();
        Assert.Equal(model, predicted.GetProperty("model").GetString());
        var names = predicted.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!).ToList();
        var labels = TestLabels();
        var loss = 0.0;
        foreach (var row in predicted.GetProperty("rows").EnumerateArray())
        {
            var probabilities = row.GetProperty("probabilities").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            loss -= Math.Log(probabilities[names.IndexOf($"{labels[row.GetProperty("row").GetInt32()]}")]);
        }
        Assert.Equal(trained.GetProperty("test").GetProperty("crossEntropy").GetDouble(), loss / labels.Length, 1e-9);
    }

    [Fact]
    public async Task Inspect_writes_a_picture_a_class_and_a_confusion_matrix()
    {
        await store.TrainAsync("fashion-patches");
        using var pictures = new TemporaryFolder();
        var inspected = (await RunAsync("models", "inspect", "fashion-patches", "--output", pictures.Path, "--json")).Json();
        var files = inspected.GetProperty("pictures").EnumerateArray().Select(file => Path.GetFileName(file.GetString()!)).ToList();
        for (var label = 0; label < 10; label++)
            Assert.Contains($"patches-class-{label}.png", files);
        Assert.Contains("confusion.png", files);
        Assert.All(files, file => Assert.Equal([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n'], File.ReadAllBytes(pictures[file])[..8]));
        Assert.Equal(10, inspected.GetProperty("classes").GetArrayLength());
    }

    [Fact]
    public async Task Compare_sets_two_models_side_by_side()
    {
        await store.TrainAsync("fashion-patches");
        await store.TrainAsync("fashion-pixels");
        var compared = (await RunAsync("models", "compare", "fashion-patches", "fashion-pixels", "--json")).Json();
        Assert.Equal([.8057, .6579], compared.GetProperty("models").EnumerateArray().Select(model => Math.Round(model.GetProperty("testAccuracy").GetDouble(), 4)));
        Assert.Contains("0.6579", (await RunAsync("models", "compare", "fashion-patches", "fashion-pixels")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_show_tells_sources_shards_and_labels()
    {
        await store.TrainAsync("fashion-patches");
        var shown = (await RunAsync("data", "show", ExplicitClient.Example("fashion-patches"), "--json")).Json();
        Assert.Equal(8, shown.GetProperty("shards").GetInt32());
        Assert.Equal(169, shown.GetProperty("blocks").GetInt32());
        Assert.Equal([60_000L, 10_000L], shown.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("rows").GetInt64()));
        Assert.All(shown.GetProperty("labels").EnumerateArray(), label => Assert.Equal(6000, label.GetProperty("trainRows").GetInt64()));
        Assert.NotEmpty((await RunAsync("data", "show", ExplicitClient.Example("fashion-patches"))).Output);
    }

    [Fact]
    public async Task Help_names_every_verb_and_the_exit_codes()
    {
        var help = (await ExplicitClient.RunAsync(store.Folder, "--help")).Successful().Output;
        Assert.All((string[])["train", "jobs", "models", "data", "--store", "--json", "3 cancelled"], word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    private static byte[] TestLabels()
    {
        using var file = new GZipStream(File.OpenRead(FashionMnist.TestLabels), CompressionMode.Decompress);
        using var labels = new MemoryStream();
        file.CopyTo(labels);
        return labels.ToArray()[IdxLabelHeader..];
    }

    private async Task<Outcome> RunAsync(params string[] arguments) => (await InProcess.RunAsync(store.Folder, arguments)).Successful();
}
