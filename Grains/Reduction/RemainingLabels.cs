using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>
/// The labels of the rows that count: the classes of the model. A source's manifest lists the labels of all its rows; where some are removed, the
/// counts of its shards tell which labels are left, so that the model is that of a source which never had those rows.
/// </summary>
internal static class RemainingLabels
{
    /// <param name="plan">Sources and shards.</param>
    /// <param name="totals">Totals of the training shards, in order.</param>
    /// <param name="readAsync">Reads the labels of a shard's rows, as codes of its source.</param>
    /// <param name="cancellationToken">Cancels between shards.</param>
    /// <returns>In ordinal order.</returns>
    public static async Task<ImmutableArray<string>> OfAsync(
        JobPlan plan, ShardTotals[] totals, Func<ShardWork, CancellationToken, Task<int[]>> readAsync, CancellationToken cancellationToken)
    {
        var left = plan.Sources.Where(source => source.Specification.IsWhole).SelectMany(source => source.Labels).ToHashSet(StringComparer.Ordinal);
        var changed = plan.Train.Zip(totals).Where(shard => !shard.First.Source.Specification.IsWhole).ToList();
        foreach (var (_, shard) in changed)
            left.UnionWith(shard.Labels.Where((_, c) => shard.ClassRows[c] > 0));
        // Rows of zero norm and rows that are held out are in no count of a class, and yet they have labels.
        foreach (var (work, _) in changed.Where(shard => shard.Second.ZeroRows > 0 || shard.First.LeavesOutHeldOut || shard.First.WithoutFold is not null))
        {
            if (left.IsSupersetOf(work.Source.Labels))
                continue;
            var labels = await readAsync(work, cancellationToken);
            left.UnionWith(labels.Distinct().Select(label => work.Source.Labels[label]));
        }
        return [.. left.Order(StringComparer.Ordinal)];
    }
}
