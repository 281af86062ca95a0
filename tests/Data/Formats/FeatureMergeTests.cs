using System.Text;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Formats;

public sealed class FeatureMergeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryStore _store = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 5)]
    [InlineData(7, 40)]
    [InlineData(3, 20_000)]
    public async Task Files_merge_to_the_union_of_their_lists_and_rare_features_are_left_out(int files, int most)
    {
        var random = new Random(files);
        var names = Enumerable.Range(0, files).Select(file => $"part-{file}").ToArray();
        var lists = new List<FeatureList[]>();
        foreach (var name in names)
        {
            lists.Add([ListOf(random, most), ListOf(random, most / 2)]);
            await FeatureFile.WriteAsync(_store, name, lists[^1], None);
        }
        var merge = await FeatureMerge.OpenAsync(_store, names, 2, None);
        for (var g = 0; g < 2; g++)
        {
            foreach (var least in new[] { 1, 4 })
            {
                var expected = FeatureList.Merge([.. lists.Select(list => list[g])]).AtLeast(least);
                var merged = await merge.OfAsync(g, least, None);
                Assert.Equal(expected.Rows, merged.Rows);
                Assert.True(expected.Ends.SequenceEqual(merged.Ends) && expected.Bytes.SequenceEqual(merged.Bytes));
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_missing_or_damaged_or_of_other_groups_is_named()
    {
        await FeatureFile.WriteAsync(_store, "good", [ListOf(new Random(1), 9)], None);
        Assert.Contains("absent", (await Assert.ThrowsAsync<ArtifactMissingException>(() => FeatureMerge.OpenAsync(_store, ["good", "absent"], 1, None))).Message, StringComparison.Ordinal);
        Assert.Contains("good", (await Assert.ThrowsAsync<ArtifactDamagedException>(() => FeatureMerge.OpenAsync(_store, ["good"], 2, None))).Message, StringComparison.Ordinal);
        var content = (await _store.ReadAsync("good", None))!.Content.ToArray();
        foreach (var at in new[] { 0, 20, content.Length - 1 })
        {
            byte[] bad = [.. content];
            bad[at] ^= 1;
            await _store.WriteAsync("bad", (stream, token) => stream.WriteAsync(bad, token).AsTask(), WriteCondition.Always, None);
            Assert.Contains("bad", (await Assert.ThrowsAsync<ArtifactDamagedException>(() => FeatureMerge.OpenAsync(_store, ["good", "bad"], 1, None))).Message, StringComparison.Ordinal);
        }
    }

    private static FeatureList ListOf(Random random, int most)
    {
        var features = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < most; i++)
            features.Add(new string((char)('a' + random.Next(3)), random.Next(4)) + random.Next(most));
        var builder = new FeatureListBuilder(features.Count);
        foreach (var feature in features)
            builder.Add(Encoding.UTF8.GetBytes(feature), random.Next(1, 4));
        return builder.ToList();
    }
}
