using System.Text.Json;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Tests.Slices;

/// <summary>A slice is the model of its sources alone, from what was counted before.</summary>
[Collection(nameof(ConsoleCommand))]
public sealed class SliceCommandTests(TaggedRows rows) : IClassFixture<TaggedRows>
{
    [Fact]
    public async Task A_slice_equals_a_training_on_its_sources_alone_and_counts_nothing()
    {
        var whole = await RunAsync("train", rows.Specification, "--store", rows["whole"]);
        Assert.Equal((60, 0), (Number(whole, "shards"), Number(whole, "reusedShards")));

        var slice = await RunAsync("slice", rows.Specification, "--where", "tenant=t1,t4", "--last", "3", "by", "day", "--store", rows["whole"]);
        Assert.Equal((6, 6), (Number(slice, "shards"), Number(slice, "reusedShards")));
        Assert.StartsWith("rows.tenant-t1-t4.last-3-by-day/", Text(slice, "model"), StringComparison.Ordinal);
        Assert.Equal((6, 60), (Number(slice.GetProperty("slice"), "sources"), Number(slice.GetProperty("slice"), "ofSources")));

        var sources = TaggedRows.Days.Skip(3).SelectMany(_ => (string[])["t1", "t4"], (day, tenant) => (tenant, day)).OrderBy(source => source);
        var alone = await RunAsync("train", rows.Write("alone.yaml", $"[{string.Join(", ", sources.Select(source => TaggedRows.SourceOf(source.tenant, source.day)))}]"), "--store", rows["alone"]);
        Assert.Equal(Text(alone, "statisticsSha256"), Text(slice, "statisticsSha256"));
        Assert.Equal(Text(alone, "weightsSha256"), Text(slice, "weightsSha256"));
        Assert.NotEqual(Text(whole, "statisticsSha256"), Text(slice, "statisticsSha256"));
        Assert.Equal(Text(alone, "model").Split('/')[1], Text(slice, "model").Split('/')[1]);

        var store = new FolderArtifactStore(rows["whole"]);
        var lineage = (await ModelFolder.FindAsync(store, Text(slice, "model"), CancellationToken.None)).Lineage;
        Assert.Equal(["tenant=t1,t4", "last 3 by day"], lineage.Slice!.Conditions);
        Assert.Equal(["2026-11-04", "2026-11-05", "2026-11-06"], lineage.Slice.Window);
        Assert.Equal(sources.Select(source => $"day={source.day} tenant={source.tenant}"), lineage.Sources.Select(source => string.Join(' ', source.Tags)));
        Assert.Equal(6, lineage.Shards.Length);

        var second = await RunAsync("slice", Text(whole, "model"), "--where", "tenant=t1,t4", "--where", "day=2026-11-04..", "--name", "second", "--store", rows["whole"]);
        Assert.Equal((Text(slice, "weightsSha256"), 6), (Text(second, "weightsSha256"), Number(second, "reusedShards")));
        var third = await RunAsync("slice", "second", "--where", "day=2026-11-05..2026-11-05", "--where", "tenant=t4", "--name", "third", "--store", rows["whole"]);
        Assert.Equal((1, TaggedRows.RowsOfSource), (Number(third, "shards"), Number(third, "rows")));
        Assert.Equal(["tenant=t1,t4", "day=2026-11-04..", "day=2026-11-05..2026-11-05", "tenant=t4"], third.GetProperty("slice").GetProperty("conditions").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public void Tags_change_no_number_and_are_kept_where_a_source_is_written()
    {
        var plain = SpecificationReader.Read(rows.Write("plain.yaml", TaggedRows.SourceOf("t1", TaggedRows.Days[0])), []).Data.Train[0];
        var tagged = SpecificationReader.Read(rows.Write("tagged.yaml", TaggedRows.SourceOf("t1", TaggedRows.Days[0]).Replace(" }", ", tags: { tenant: t1, day: 2026-11-01, Region: 'e u' } }", StringComparison.Ordinal)), []).Data.Train[0];
        Assert.Equal(["Region=e u", "day=2026-11-01", "tenant=t1"], tagged.Tags.Select(tag => $"{tag}"));
        Assert.Equal(plain, tagged with { Tags = [] });
        var file = Client.Manifests.ManifestFile.Open(rows.Write("added.yaml", $"[{TaggedRows.SourceOf("t2", TaggedRows.Days[0])}]"));
        file.Add(tagged);
        Assert.Equal(tagged.Tags, SpecificationReader.Read(rows["added.yaml"], []).Data.Train[1].Tags);
    }

    [Fact]
    public void Files_of_a_pattern_are_tagged_by_their_paths()
    {
        var all = SpecificationReader.Read(rows.Specification, []).Data.Train;
        Assert.Equal(60, all.Length);
        Assert.All(all, source => Assert.Equal([$"day={Path.GetFileName(source.Labels)![..10]}", $"tenant={Path.GetFileName(Path.GetDirectoryName(source.Images))}"], source.Tags.Select(tag => $"{tag}")));
        var some = SpecificationReader.Read(rows.Write("some.yaml", "{ format: jsonl, path: \"rows/**/2026-{month}-?{unit}-*\" }", "words"), []).Data.Train;
        Assert.Equal(120, some.Length);
        Assert.Equal(["month=11", "unit=1"], some[0].Tags.Select(tag => $"{tag}"));
    }

    [Theory]
    [InlineData("--where tennant=t1", "no source of data.train has the tag 'tennant'; did you mean 'tenant'?")]
    [InlineData("--where region=eu", "no source of data.train has the tag 'region'; the tags are day and tenant")]
    [InlineData("--last 3 by week", "no source of data.train has the tag 'week'; the tags are day and tenant")]
    [InlineData("--where day=2026-11-01,2026-11-9", "no source of data.train has day '2026-11-9'; did you mean '2026-11-01'?")]
    [InlineData("--where tenant=berlin", "no source of data.train has tenant 'berlin'; the values are t0, t1, t2, t3, t4, t5, t6, t7 and 2 more")]
    [InlineData("--where day=2026-12-01..2026-12-07", "no source of data.train has day in 2026-12-01..2026-12-07; the values are from 2026-11-01 to 2026-11-06")]
    [InlineData("--where tenant=t1 --where tenant=t2", "no source of data.train is of tenant=t1 and tenant=t2 at once")]
    [InlineData("--where tenant", "--where 'tenant' has no '='; expected KEY=VALUE, KEY=VALUE,VALUE or KEY=FROM..TO")]
    [InlineData("--where tenant=..", "--where 'tenant=..' is no range; expected KEY=VALUE, KEY=VALUE,VALUE or KEY=FROM..TO")]
    [InlineData("--where tenant=a,,b", "--where 'tenant=a,,b' has an empty value, or one that is too long; expected KEY=VALUE, KEY=VALUE,VALUE or KEY=FROM..TO")]
    [InlineData("--last 0 by day", "--last is '0 by day'; expected a whole number of at least 1, 'by' and the key of a tag")]
    [InlineData("--name Big --where tenant=t1", "--name is 'Big'; expected 1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a letter or digit")]
    [InlineData("", "nothing says which sources the slice is of")]
    public async Task What_cannot_be_meant_is_told_in_a_line_with_what_to_do(string flags, string expected)
    {
        var (code, _, error) = await ConsoleCommand.RunAsync(["slice", rows.Specification, "--store", rows["none"], .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(ExitCode.WrongUsage, code);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, lines[0].TrimEnd());
        Assert.StartsWith("  ", Assert.Single(lines[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_without_tags_cannot_be_sliced()
    {
        var (code, _, error) = await ConsoleCommand.RunAsync("slice", rows.Write("plain.yaml", TaggedRows.SourceOf("t1", TaggedRows.Days[0])), "--where", "tenant=t1", "--store", rows["none"]);
        Assert.Equal(ExitCode.WrongUsage, code);
        Assert.StartsWith("no source of data.train has tags to be chosen by", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9,10,11", "10..", "10,11")]
    [InlineData("9,10,x", "10..", "10,9,x")]
    [InlineData("0.5,-1,2", "..0.50", "0.5,-1")]
    public void Numbers_are_ordered_by_size_and_everything_else_letter_by_letter(string values, string range, string expected)
    {
        var all = values.Split(',');
        var condition = Client.Slices.TagCondition.Parse($"n={range}");
        var order = new Client.Slices.TagOrder(all.Concat(new[] { condition.From, condition.To }.OfType<string>()));
        Assert.Equal(expected.Split(',').Order(), all.Where(value => condition.Holds(value, order)).Order());
    }

    [Fact]
    public void A_name_that_is_too_long_ends_in_a_hash()
    {
        var name = Client.Slices.SliceName.Of("fashion", [$"day={new string('1', 80)}"]);
        Assert.Equal((64, true), (name.Length, JobSections.IsName(name)));
        Assert.NotEqual(name, Client.Slices.SliceName.Of("fashion", [$"day={new string('1', 81)}"]));
        Assert.Equal("fashion.tenant-a.day-2026-11-01..2026-11-07", Client.Slices.SliceName.Of("fashion", ["tenant=a", "day=2026-11-01..2026-11-07"]));
    }

    private static async Task<JsonElement> RunAsync(params string[] command)
    {
        var (code, text, error) = await ConsoleCommand.RunAsync([.. command, "--json"]);
        Assert.True(code == ExitCode.Done, error);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
