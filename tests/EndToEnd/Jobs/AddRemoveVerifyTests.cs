using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Jobs;

/// <summary>Data that comes and goes by commands, and models that are computed again.</summary>
[Collection(nameof(InProcess))]
public sealed class AddRemoveVerifyTests : IDisposable
{
    private const string Specification = """
        # tables of a year
        name: year
        data:
          train: # one line a month
            - { format: csv, path: january, label: c }
            - { format: csv, path: february, label: c } # short
            - { format: csv, path: march, label: c }
          shardRows: 2
        features: pixels
        solve: { k: 2, alpha: 0.1 }
        """;

    private readonly TemporaryFolder _folder = new();

    public AddRemoveVerifyTests()
    {
        _folder.Write("year.yaml", Specification);
        _folder.Write("january", "a,b,c\n1,2,x\n3,1,y\n2,2,x\n4,1,y\n");
        _folder.Write("february", "a,b,c\n1,7,z\n5,1,y\n9,2,x\n");
        _folder.Write("march", "a,b,c\n3,3,x\n1,1,y\n2,8,x\n4,9,y\n5,5,x\n");
        _folder.Write("april.tsv", "1\t2\tx\n2\t1\ty\n");
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sources_and_rows_come_and_go_and_the_models_with_them()
    {
        var all = await TrainAsync();
        var removed = (await RunAsync("data", "remove", "year.yaml", "february", "--json")).Json();
        Assert.Equal(("removed", 1, 2), (removed.GetProperty("change").GetString(), removed.GetProperty("source").GetProperty("number").GetInt32(), removed.GetProperty("sources").GetInt32()));
        var two = await TrainAsync();
        Assert.Equal((2, 5, 5), (two.GetProperty("outputs").GetInt32(), two.GetProperty("shards").GetInt32(), two.GetProperty("reusedShards").GetInt32())); // and no label z
        Assert.Contains("added source 2: ", (await RunAsync("data", "add", "year.yaml", "--path", "february", "--label", "c")).Output, StringComparison.Ordinal);
        Assert.Equal(all.GetProperty("model").GetString(), (await TrainAsync()).GetProperty("model").GetString());

        await RunAsync("data", "remove", "year.yaml", "march", "--rows", "1-2", "--rows", "4");
        var shown = (await RunAsync("data", "show", "year.yaml", "--json")).Json().GetProperty("sources")[1];
        Assert.Equal((5, 3, 2), (shown.GetProperty("rows").GetInt32(), shown.GetProperty("removedRows").GetInt32(), shown.GetProperty("shards").GetInt32()));
        Assert.Contains("1-2", (await RunAsync("data", "show", "year.yaml")).Output, StringComparison.Ordinal);
        await RunAsync("data", "add", "year.yaml", "march", "--rows", "4");
        Assert.Contains("path: march, label: c, removed: [1-2] }", File.ReadAllText(_folder["year.yaml"]), StringComparison.Ordinal);
        await RunAsync("data", "add", "year.yaml", "march");
        await RunAsync("data", "add", "year.yaml", "--path", "april.tsv", "--label", "2", "--no-header");
        Assert.Equal(
            Specification.Replace("    - { format: csv, path: february, label: c } # short\n", "", StringComparison.Ordinal).Replace(
                "path: march, label: c }\n",
                "path: march, label: c }\n    - { format: csv, path: february, label: c }\n    - { format: tsv, path: april.tsv, label: 2, header: false }\n", StringComparison.Ordinal),
            File.ReadAllText(_folder["year.yaml"]));
    }

    [Fact]
    public async Task A_model_is_verified_and_what_has_changed_since_is_named()
    {
        File.AppendAllText(_folder["year.yaml"], "\nrefine: { method: averaging, workers: 2 }\n");
        await RunAsync("data", "remove", "year.yaml", "march", "--rows", "1-2");
        await TrainAsync();
        var verified = (await RunAsync("models", "verify", "year", "--json")).Json();
        Assert.True(verified.GetProperty("verified").GetBoolean());
        Assert.All(verified.GetProperty("facts").EnumerateArray(), fact => Assert.Equal(fact.GetProperty("expected").GetString(), fact.GetProperty("seen").GetString()));

        // The same length and time, so that what is remembered of the file would still do.
        var time = File.GetLastWriteTimeUtc(_folder["february"]);
        var february = File.ReadAllText(_folder["february"]);
        File.WriteAllText(_folder["february"], february.Replace('9', '8'));
        File.SetLastWriteTimeUtc(_folder["february"], time);
        Assert.Equal(["source 1", "shards", "statistics", "weights"], Differing(await VerifyAsync()));
        File.WriteAllText(_folder["february"], february);

        var weights = Assert.Single(Directory.GetFiles(_folder[".explicit/models"], "weights.safetensors", SearchOption.AllDirectories));
        Flip(weights);
        Assert.Equal(["stored weights"], Differing(await VerifyAsync()));
        Flip(weights);

        File.Delete(_folder["march"]);
        var gone = await VerifyAsync();
        Assert.Contains("cannot be computed again: ", gone.Error, StringComparison.Ordinal);
        Assert.Contains("march does not exist", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_that_were_exchanged_are_found_in_the_store_and_in_the_model_made_of_them()
    {
        await TrainAsync();
        var files = Directory.GetFiles(_folder[".explicit/statistics"], "*", SearchOption.AllDirectories).Where(file => !file.Contains("merged-", StringComparison.Ordinal)).Order().ToList();
        File.Copy(files[0], files[1], overwrite: true); // whole, and yet not of these rows
        Directory.GetDirectories(_folder[".explicit/statistics"], "merged-*", SearchOption.AllDirectories).ToList().ForEach(folder => Directory.Delete(folder, recursive: true));
        Assert.Equal(["stored statistics"], Differing(await VerifyAsync()));
        await TrainAsync();
        Assert.Equal(["statistics", "weights", "stored statistics"], Differing(await VerifyAsync()));
    }

    private async Task<System.Text.Json.JsonElement> TrainAsync() => (await RunAsync("train", "year.yaml", "--json")).Json();

    private async Task<Outcome> RunAsync(params string[] arguments) => (await InProcess.RunAsync(_folder.Path, arguments)).Successful();

    private async Task<Outcome> VerifyAsync()
    {
        var outcome = await InProcess.RunAsync(_folder.Path, "models", "verify", "year");
        Assert.True(outcome.ExitCode == Outcome.Failed, outcome.ToString());
        return outcome;
    }

    /// <summary>What the line on standard error names, sources by their number alone.</summary>
    private static string[] Differing(Outcome outcome)
    {
        var line = Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith("year/", StringComparison.Ordinal));
        return [.. line[(line.IndexOf("different: ", StringComparison.Ordinal) + "different: ".Length)..].Split("; ").Select(what => what.Split(',')[0])];
    }

    private static void Flip(string file)
    {
        var content = File.ReadAllBytes(file);
        content[^9] ^= 1;
        File.WriteAllBytes(file, content);
    }
}
