using System.Text.Json;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Tests.Slices;

/// <summary>Explanations and comparisons of models of slices, by the command.</summary>
[Collection(nameof(ConsoleCommand))]
public sealed class ExplainSlicesTests(TaggedRows rows) : IClassFixture<TaggedRows>
{
    [Fact]
    public async Task Shards_that_came_and_went_account_for_counts_that_moved()
    {
        var first = await RunAsync("slice", rows.Specification, "--where", "day=..2026-11-04", "--where", "tenant=t1,t2", "--name", "first");
        await RunAsync("slice", rows.Specification, "--last", "4", "by", "day", "--where", "tenant=t1,t2", "--name", "second");
        var compared = await RunAsync("models", "compare", "first", "second");
        var shards = compared.GetProperty("shards");
        Assert.Equal(4, shards.GetProperty("both").GetInt32());
        Assert.Equal(["day=2026-11-05 tenant=t1", "day=2026-11-06 tenant=t1", "day=2026-11-05 tenant=t2", "day=2026-11-06 tenant=t2"], TagsOf(shards.GetProperty("added")));
        Assert.Equal(["day=2026-11-01 tenant=t1", "day=2026-11-02 tenant=t1", "day=2026-11-01 tenant=t2", "day=2026-11-02 tenant=t2"], TagsOf(shards.GetProperty("removed")));
        var moved = shards.GetProperty("moved").EnumerateArray().ToList();
        Assert.Equal(10, moved.Count);
        foreach (var count in moved)
        {
            var byShards = count.GetProperty("shards").EnumerateArray().Sum(shard => (shard.GetProperty("isAdded").GetBoolean() ? 1 : -1) * shard.GetProperty("count").GetDouble());
            Assert.Equal(count.GetProperty("to").GetDouble() - count.GetProperty("from").GetDouble(), byShards);
            Assert.NotEqual(0, byShards);
        }
        var distances = moved.ConvertAll(count => Math.Abs(count.GetProperty("to").GetDouble() - count.GetProperty("grown").GetDouble()));
        Assert.Equal(distances.OrderDescending(), distances);
        var (_, text, _) = await ConsoleCommand.RunAsync("models", "compare", "first", "second", "--store", rows["store"]);
        Assert.Contains("shards: 4 in both, 4 added, 4 removed", text, StringComparison.Ordinal);
        Assert.Contains("  added: day=2026-11-05 tenant=t1 rows 0 to 7", text, StringComparison.Ordinal);

        await AssertStatisticsMayBeGoneAsync(first);
    }

    /// <summary>What is no longer stored is said, and everything else stays.</summary>
    private async Task AssertStatisticsMayBeGoneAsync(JsonElement first)
    {
        string[] explain = ["models", "explain", "first", "--data", rows.Specification, "--part", "train", "--row", "3"];
        var whole = await RunAsync(explain);
        Assert.Equal((0, "{}"), (whole.GetProperty("missingShards").GetInt32(), $"{{{whole.GetProperty("withoutCounts")}}}"));
        Assert.Equal("0", whole.GetProperty("label").GetString());
        var model = await ModelFolder.FindAsync(new Data.Store.FolderArtifactStore(rows["store"]), first.GetProperty("model").GetString()!, CancellationToken.None);
        var (merged, away) = (Path.Combine(rows["store"], model.Lineage.Statistics.Name), rows["away"]);
        Directory.Move(merged, away);
        Assert.Equal($"{whole}", $"{await RunAsync(explain)}"); // summed from the shards
        File.Delete(Path.Combine(Path.GetDirectoryName(merged)!, model.Lineage.Shards[0].Hash));
        var least = await RunAsync(explain);
        Assert.Equal($"the merged statistics of {model.Name}/{model.Version} are no longer in the store; train again to have them summed", least.GetProperty("withoutCounts").GetString());
        Assert.Equal((1, whole.GetProperty("difference").GetDouble()), (least.GetProperty("missingShards").GetInt32(), least.GetProperty("difference").GetDouble()));
        Directory.Move(away, merged);
        var less = await RunAsync(explain);
        Assert.Equal((1, "{}"), (less.GetProperty("missingShards").GetInt32(), $"{{{less.GetProperty("withoutCounts")}}}"));
        Assert.Equal(whole.GetProperty("inputs")[0].GetProperty("count").GetDouble(), less.GetProperty("inputs")[0].GetProperty("count").GetDouble());
    }

    [Theory]
    [InlineData("features: words\nsolve: { k: 3, alpha: 0.1 }", 3)]
    [InlineData("features: [{ map: words, counts: binary }, { map: chars, counts: binary }]\nsolve: { temperatures: fitted }", 4)]
    public async Task Words_of_a_text_are_explained_with_their_counts(string settings, int least)
    {
        string[] kinds = ["game", "editor", "library"];
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => $"{kinds[i % 3]}\ta {kinds[i % 3]} of kind {i % 7} with many {kinds[(i + i / 7) % 3]}s")];
        rows.Add("texts.tsv", string.Join('\n', lines.Prepend("label\ttext")) + "\n");
        rows.Add("texts.yaml", $"name: texts\ndata:\n  train: {{ format: tsv, path: texts.tsv, label: label, text: text }}\n{settings}\nevaluate: none\n");
        rows.Add("one.txt", "a game with editors\n");
        await RunAsync("train", rows["texts.yaml"]);
        var explained = await RunAsync("models", "explain", "texts", "--input", rows["one.txt"], "--against", "library");
        Assert.Equal(("game", "library"), (explained.GetProperty("predicted").GetString(), explained.GetProperty("against").GetString()));
        var inputs = explained.GetProperty("inputs").EnumerateArray().ToList();
        Assert.True(inputs.Count >= least, $"{inputs.Count}");
        Assert.Equal(explained.GetProperty("difference").GetDouble(), explained.GetProperty("prior").GetDouble() + inputs.Sum(input => input.GetProperty("contribution").GetDouble()), 1e-9);
        Assert.Equal(Math.Log(explained.GetProperty("probability").GetDouble() / explained.GetProperty("againstProbability").GetDouble()), explained.GetProperty("difference").GetDouble(), 1e-6);
        var game = inputs.Single(input => input.GetProperty("name").GetString() == "words 'game'");
        Assert.True(game.GetProperty("contribution").GetDouble() > 0);
        Assert.True(game.GetProperty("count").GetDouble() > game.GetProperty("expected").GetDouble());
        if (least == 3) // rows of norm 1: a word counts as its share of the row's words
        {
            var words = lines.Where(line => line.StartsWith("game\t", StringComparison.Ordinal)).Select(line => line.Split('\t')[1].Split(' '));
            Assert.Equal(words.Sum(row => row.Count(word => word == "game") / (double)row.Length), game.GetProperty("count").GetDouble(), lines.Length / (double)(1 << 21));
        }
        Assert.Equal(game.GetProperty("count").GetDouble(), Assert.Single(game.GetProperty("shards").EnumerateArray()).GetProperty("count").GetDouble());
    }

    [Theory]
    [InlineData("", "explain takes one row, from --data SPEC or from --input FILE")]
    [InlineData("--data all.yaml", "--data has many rows, and --row does not say which")]
    [InlineData("--input none.txt --row 2", "--row goes with --data, and --input has one row")]
    [InlineData("--data all.yaml --row 1 --top 0", "--row is at least 0, and --top at least 1")]
    public async Task A_row_that_is_not_told_is_wrong_usage(string flags, string expected)
    {
        var (code, _, error) = await ConsoleCommand.RunAsync(["models", "explain", "any", "--store", rows["store"], .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((ExitCode.WrongUsage, expected), (code, error.Split('\n')[0].TrimEnd()));
    }

    private static IEnumerable<string> TagsOf(JsonElement shards) =>
        shards.EnumerateArray().Select(shard => string.Join(' ', shard.GetProperty("tags").EnumerateArray().Select(tag => $"{tag.GetProperty("key")}={tag.GetProperty("value")}")));

    private async Task<JsonElement> RunAsync(params string[] command)
    {
        var (code, text, error) = await ConsoleCommand.RunAsync([.. command, "--json", "--store", rows["store"]]);
        Assert.True(code == ExitCode.Done, error);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
