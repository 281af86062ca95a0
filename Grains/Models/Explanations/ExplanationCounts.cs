using System.Collections.Immutable;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Shards;
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
    public static async Task<Explanation> AddAsync(IArtifactStore store, Explanation explanation, int top, CancellationToken cancellationToken) =>
        await WithShardsAsync(store, await WithCountsAsync(store, explanation, cancellationToken), top, cancellationToken);

    private static async Task<Explanation> WithCountsAsync(IArtifactStore store, Explanation explanation, CancellationToken cancellationToken)
    {
        var description = explanation.Row.Model.Description;
        var merged = description.Lineage.Statistics;
        var evidence = new Dictionary<int, InputEvidence>();
        foreach (var (part, first) in merged.Parts())
        {
            for (var t = 0; t < part.Tiles.Length; t++)
            {
                var tile = part.Tiles[t];
                int[] inputs = [.. explanation.Inputs.Select(input => input.Input - first).Where(input => input >= tile.FirstInput && input < tile.FirstInput + tile.Inputs).Order()];
                if (inputs.Length == 0)
                    continue;
                if (await ShardStatistics.FindInputsAsync(store, part.TileName(t), inputs, cancellationToken) is not var (_, counts))
                    return explanation with { WithoutCounts = $"the merged statistics of {description.Name}/{description.Version} are no longer in the store; train again to have them summed" };
                foreach (var input in inputs)
                    evidence[first + input] = EvidenceOf(explanation, first + input, RowOf(counts, input));
            }
        }
        return explanation with { Inputs = [.. explanation.Inputs.Select(input => input with { Evidence = evidence[input.Input] })] };
    }

    /// <summary>The shards of the first inputs. Where the merged statistics are gone, those of all shards are summed in their place.</summary>
    private static async Task<Explanation> WithShardsAsync(IArtifactStore store, Explanation explanation, int top, CancellationToken cancellationToken)
    {
        var (model, lineage) = (explanation.Row.Model, explanation.Row.Model.Description.Lineage);
        var labels = model.Description.Labels;
        int[] inputs = [.. explanation.Inputs.Take(explanation.WithoutCounts is null ? top : int.MaxValue).Select(input => input.Input).Order()];
        var sums = inputs.ToDictionary(input => input, _ => new long[labels.Length]);
        var found = inputs.ToDictionary(input => input, _ => new List<ShardEvidence>());
        var missing = new HashSet<int>();
        foreach (var (part, first) in lineage.Statistics.Parts())
        {
            var folder = part.Name[..part.Name.LastIndexOf('/')];
            int[] mine = [.. inputs.Select(input => input - first).Where(input => input >= 0 && input < part.Inputs)];
            foreach (var chunk in mine.Length == 0 ? [] : Enumerable.Range(0, lineage.Shards.Length).Chunk(ReadAtOnce))
            {
                var read = await Task.WhenAll(chunk.Select(shard => ShardStatistics.FindInputsAsync(store, $"{folder}/{lineage.Shards[shard].Hash}", mine, cancellationToken)));
                foreach (var (shard, file) in chunk.Zip(read))
                {
                    if (file is var (header, counts))
                        Add(shard, [.. header.Labels.Select(label => labels.IndexOf(label))], counts, first);
                    else
                        missing.Add(shard);
                }
            }
        }
        var summed = explanation.WithoutCounts is not null && missing.Count == 0;
        return explanation with
        {
            MissingShards = missing.Count,
            WithoutCounts = summed ? null : explanation.WithoutCounts,
            Inputs = [.. explanation.Inputs.Select((input, i) => input with
            {
                Evidence = summed ? EvidenceOf(explanation, input.Input, sums[input.Input]) : input.Evidence,
                Shards = i < top ? MostOf(found[input.Input], input.Contribution >= 0) : [],
            })],
        };

        void Add(int shard, int[] classOf, CountTable counts, int first)
        {
            for (var i = 0; i < counts.Seen.Length; i++)
            {
                var input = first + counts.Seen[i];
                var (_, unit) = PartOf(explanation, input);
                var row = new long[labels.Length];
                for (var c = 0; c < classOf.Length; c++)
                {
                    if (classOf[c] >= 0) // of a label without rows that count there is no class
                        sums[input][classOf[c]] += row[classOf[c]] = counts.Row(i)[c];
                }
                var evidence = new ShardEvidence(shard, row[explanation.Class] / unit, row[explanation.Against] / unit);
                if (evidence.Count > 0 || evidence.AgainstCount > 0)
                    found[input].Add(evidence);
            }
        }
    }

    private static ImmutableArray<ShardEvidence> MostOf(IEnumerable<ShardEvidence> shards, bool speaksFor) =>
        [.. shards.OrderByDescending(shard => speaksFor ? shard.Count : shard.AgainstCount).ThenByDescending(shard => speaksFor ? shard.AgainstCount : shard.Count).ThenBy(shard => shard.Shard).Take(MostShards)];

    /// <summary>What an input was counted with: the class totals of its group, or of the whole, and the unit of counts.</summary>
    private static (ImmutableArray<long> Mass, double Unit) PartOf(Explanation explanation, int input)
    {
        var (layout, merged) = (explanation.Row.Model.Encoder.Layout, explanation.Row.Model.Description.Lineage.Statistics);
        var (group, _) = layout.Locate(input);
        return ((merged.Groups.IsEmpty ? merged : merged.Groups[group]).ClassMass, layout.Groups[group].Unit);
    }

    private static InputEvidence EvidenceOf(Explanation explanation, int input, ReadOnlySpan<long> row)
    {
        var (mass, unit) = PartOf(explanation, input);
        var (sum, all) = (0.0, mass.Sum(part => (double)part));
        foreach (var count in row)
            sum += count / unit;
        return row.IsEmpty
            ? new InputEvidence(0, 0, 0, 0)
            : new InputEvidence(
                row[explanation.Class] / unit, sum * (mass[explanation.Class] / all), row[explanation.Against] / unit, sum * (mass[explanation.Against] / all));
    }

    /// <summary>The counts of an input; none where it was not seen.</summary>
    private static ReadOnlySpan<long> RowOf(CountTable counts, int input)
    {
        var index = Array.BinarySearch(counts.Seen, input);
        return index < 0 ? [] : counts.Row(index);
    }
}
