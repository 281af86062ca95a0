using System.Collections.Immutable;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>Adds to an explanation what the stored statistics say of its inputs. Only the segments with these inputs are read.</summary>
public static class ExplanationCounts
{
    private const int ReadAtOnce = 8;
    private const int MostShards = 10;

    /// <param name="store">Where statistics are.</param>
    /// <param name="explanation">What was explained.</param>
    /// <param name="top">Of so many inputs it is asked which shards they were seen in.</param>
    /// <param name="cancellationToken">Cancels between files.</param>
    public static async Task<Explanation> AddAsync(IArtifactStore store, Explanation explanation, int top, CancellationToken cancellationToken)
    {
        var counted = await WithCountsAsync(store, explanation, cancellationToken);
        return await WithShardsAsync(store, counted, top, cancellationToken);
    }

    private static async Task<Explanation> WithCountsAsync(IArtifactStore store, Explanation explanation, CancellationToken cancellationToken)
    {
        var model = explanation.Row.Model;
        var merged = model.Description.Lineage.Statistics;
        double unit = model.Encoder.Layout.Unit;
        var (mass, all) = (merged.ClassMass, merged.ClassMass.Sum(part => (double)part));
        var evidence = new Dictionary<int, InputEvidence>();
        for (var t = 0; t < merged.Tiles.Length; t++)
        {
            var tile = merged.Tiles[t];
            int[] inputs = [.. explanation.Inputs.Select(input => input.Input).Where(input => input >= tile.FirstInput && input < tile.FirstInput + tile.Inputs).Order()];
            if (inputs.Length == 0)
                continue;
            if (await StatisticsFile.ReadInputsAsync(store, merged.TileName(t), inputs, cancellationToken) is not var (_, counts))
                return explanation with { WithoutCounts = $"{merged.TileName(t)} is no longer in the store; train again to have it counted" };
            foreach (var input in inputs)
                evidence[input] = EvidenceOf(RowOf(counts, input));
        }
        return explanation with { Inputs = [.. explanation.Inputs.Select(input => input with { Evidence = evidence[input.Input] })] };

        InputEvidence EvidenceOf(ReadOnlySpan<long> row)
        {
            var sum = 0.0;
            foreach (var count in row)
                sum += count;
            return new InputEvidence(CountOf(row, explanation.Class), sum / unit * (mass[explanation.Class] / all), CountOf(row, explanation.Against), sum / unit * (mass[explanation.Against] / all));
        }

        double CountOf(ReadOnlySpan<long> row, int c) => row.IsEmpty ? 0 : row[c] / unit;
    }

    private static async Task<Explanation> WithShardsAsync(IArtifactStore store, Explanation explanation, int top, CancellationToken cancellationToken)
    {
        var model = explanation.Row.Model;
        var lineage = model.Description.Lineage;
        var folder = lineage.Statistics.Name[..lineage.Statistics.Name.LastIndexOf('/')];
        double unit = model.Encoder.Layout.Unit;
        int[] inputs = [.. explanation.Inputs.Take(top).Select(input => input.Input).Order()];
        var found = new Dictionary<int, List<ShardEvidence>>();
        var missing = 0;
        foreach (var group in Enumerable.Range(0, lineage.Shards.Length).Chunk(ReadAtOnce))
        {
            var read = await Task.WhenAll(group.Select(shard => StatisticsFile.ReadInputsAsync(store, $"{folder}/{lineage.Shards[shard].Hash}", inputs, cancellationToken)));
            foreach (var (shard, part) in group.Zip(read))
            {
                if (part is not var (header, counts))
                {
                    missing++;
                    continue;
                }
                var (of, against) = (header.Labels.IndexOf(model.Description.Labels[explanation.Class]), header.Labels.IndexOf(model.Description.Labels[explanation.Against]));
                foreach (var input in counts.Seen)
                    Add(input, new ShardEvidence(shard, CountOf(counts, input, of), CountOf(counts, input, against)));
            }
        }
        return explanation with
        {
            MissingShards = missing,
            Inputs = [.. explanation.Inputs.Select((input, i) => i < top && found.TryGetValue(input.Input, out var shards) ? input with { Shards = MostOf(shards, input.Contribution >= 0) } : input)],
        };

        void Add(int input, ShardEvidence evidence)
        {
            if (evidence.Count == 0 && evidence.AgainstCount == 0)
                return;
            if (!found.TryGetValue(input, out var shards))
                found[input] = shards = [];
            shards.Add(evidence);
        }

        double CountOf(CountTable counts, int input, int c) => c < 0 ? 0 : RowOf(counts, input)[c] / unit;
    }

    private static ImmutableArray<ShardEvidence> MostOf(IEnumerable<ShardEvidence> shards, bool speaksFor) =>
        [.. shards.OrderByDescending(shard => speaksFor ? shard.Count : shard.AgainstCount).ThenByDescending(shard => speaksFor ? shard.AgainstCount : shard.Count).ThenBy(shard => shard.Shard).Take(MostShards)];

    /// <summary>The counts of an input; none where it was not seen.</summary>
    private static ReadOnlySpan<long> RowOf(CountTable counts, int input)
    {
        var index = Array.BinarySearch(counts.Seen, input);
        return index < 0 ? [] : counts.Row(index);
    }
}
