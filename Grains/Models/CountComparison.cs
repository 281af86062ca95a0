using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Models;

/// <summary>Compares the counts of two models, such as those of two dates, by what is stored of them and of the shards that came and went.</summary>
public static class CountComparison
{
    private const int ReadAtOnce = 8;
    private const int MostShards = 10;

    /// <param name="store">Where statistics are.</param>
    /// <param name="from">The first model.</param>
    /// <param name="to">The second model.</param>
    /// <param name="most">Counts to name.</param>
    /// <param name="cancellationToken">Cancels between files.</param>
    public static async Task<CountMovement> OfAsync(IArtifactStore store, TrainedModel from, TrainedModel to, int most, CancellationToken cancellationToken)
    {
        var (left, right) = (from.Description.Lineage, to.Description.Lineage);
        var movement = new CountMovement(Without(right.Shards, left.Shards), Without(left.Shards, right.Shards), 0);
        movement = movement with { Both = right.Shards.Length - movement.Added.Length };
        if (!left.Statistics.Groups.IsEmpty || !right.Statistics.Groups.IsEmpty)
            return movement with { NotCompared = "rows of several groups have counts in units of their own; compare models of one group" };
        if (FolderOf(left.Statistics) != FolderOf(right.Statistics) || from.Encoder.Shape != to.Encoder.Shape)
            return movement with { NotCompared = "the models count other inputs: their feature maps, layers below, shapes of a row, vocabularies or held-out rows differ" };
        if (movement.Added.IsEmpty && movement.Removed.IsEmpty)
            return movement;
        try
        {
            var (before, after) = (await ModelStatistics.LoadAsync(store, from.Description, cancellationToken), await ModelStatistics.LoadAsync(store, to.Description, cancellationToken));
            var moved = Furthest(before, left.Statistics, after, right.Statistics, to.Encoder.Layout.Unit, most);
            return await WithShardsAsync(store, movement with { Moved = moved }, left, right, to.Encoder.Layout.Unit, cancellationToken);
        }
        catch (JobException missing)
        {
            return movement with { NotCompared = missing.Message };
        }
    }

    /// <summary>Shards that others do not have; one that is there twice counts twice.</summary>
    private static ImmutableArray<int> Without(ImmutableArray<LineageShard> shards, ImmutableArray<LineageShard> others)
    {
        var rest = others.GroupBy(shard => shard.Hash).ToDictionary(group => group.Key, group => group.Count());
        return [.. Enumerable.Range(0, shards.Length).Where(i => !(rest.TryGetValue(shards[i].Hash, out var left) && (rest[shards[i].Hash] = left - 1) >= 0))];
    }

    private static string FolderOf(MergedStatistics merged) => merged.Name[..merged.Name.LastIndexOf('/')];

    private static ImmutableArray<MovedCount> Furthest(CountTable before, MergedStatistics left, CountTable after, MergedStatistics right, double unit, int most)
    {
        var classes = left.Labels.Union(right.Labels, StringComparer.Ordinal).Select(label => (Label: label, From: left.Labels.IndexOf(label), To: right.Labels.IndexOf(label))).ToList();
        var growth = classes.ConvertAll(c => c.From < 0 || left.ClassMass[c.From] == 0 ? 0 : (c.To < 0 ? 0 : (double)right.ClassMass[c.To]) / left.ClassMass[c.From]);
        var furthest = new PriorityQueue<MovedCount, double>();
        for (int i = 0, k = 0; i < before.Seen.Length || k < after.Seen.Length;)
        {
            var input = Math.Min(i < before.Seen.Length ? before.Seen[i] : int.MaxValue, k < after.Seen.Length ? after.Seen[k] : int.MaxValue);
            var was = i < before.Seen.Length && before.Seen[i] == input ? before.Row(i++) : [];
            var became = k < after.Seen.Length && after.Seen[k] == input ? after.Row(k++) : [];
            for (var c = 0; c < classes.Count; c++)
            {
                var moved = new MovedCount(input, classes[c].Label, CountOf(was, classes[c].From), CountOf(became, classes[c].To), CountOf(was, classes[c].From) * growth[c]);
                if (moved.From == moved.To)
                    continue;
                if (furthest.Count < most)
                    furthest.Enqueue(moved, Math.Abs(moved.To - moved.Grown));
                else
                    furthest.EnqueueDequeue(moved, Math.Abs(moved.To - moved.Grown));
            }
        }
        return [.. furthest.UnorderedItems.Select(item => item.Element).OrderByDescending(moved => Math.Abs(moved.To - moved.Grown)).ThenBy(moved => moved.Input).ThenBy(moved => moved.Label, StringComparer.Ordinal)];

        double CountOf(ReadOnlySpan<long> row, int c) => row.IsEmpty || c < 0 ? 0 : row[c] / unit;
    }

    private static async Task<CountMovement> WithShardsAsync(
        IArtifactStore store, CountMovement movement, ModelLineage left, ModelLineage right, double unit, CancellationToken cancellationToken)
    {
        int[] inputs = [.. movement.Moved.Select(moved => moved.Input).Distinct().Order()];
        var shards = movement.Added.Select(shard => (IsAdded: true, Shard: shard, right.Shards[shard].Hash))
            .Concat(movement.Removed.Select(shard => (IsAdded: false, Shard: shard, left.Shards[shard].Hash)));
        var found = movement.Moved.Select(_ => new List<ShardMovement>()).ToList();
        var missing = 0;
        foreach (var group in shards.Chunk(ReadAtOnce))
        {
            var read = await Task.WhenAll(group.Select(shard => ShardStatistics.FindInputsAsync(store, $"{FolderOf(right.Statistics)}/{shard.Hash}", inputs, cancellationToken)));
            foreach (var (shard, part) in group.Zip(read))
            {
                if (part is not var (header, counts))
                {
                    missing++;
                    continue;
                }
                foreach (var (i, moved) in movement.Moved.Index())
                {
                    var (row, c) = (Array.BinarySearch(counts.Seen, moved.Input), header.Labels.IndexOf(moved.Label));
                    if (row >= 0 && c >= 0 && counts.Row(row)[c] is > 0 and var count)
                        found[i].Add(new ShardMovement(shard.IsAdded, shard.Shard, count / unit));
                }
            }
        }
        return movement with
        {
            MissingShards = missing,
            Moved = [.. movement.Moved.Select((moved, i) => moved with { Shards = [.. found[i].OrderByDescending(shard => shard.Count).ThenByDescending(shard => shard.IsAdded).ThenBy(shard => shard.Shard).Take(MostShards)] })],
        };
    }
}
