using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>A shard's statistics as an artifact, whatever its rows are.</summary>
internal static class ShardStatistics
{
    /// <summary>The totals of statistics that are in the store; damaged ones are removed, to be counted again.</summary>
    public static async Task<ShardTotals?> FindAsync(IArtifactStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await StatisticsFile.ReadHeaderAsync(store, name, cancellationToken) is { } header
                ? new ShardTotals(header.Labels, header.ClassRows, header.ClassMass, header.ZeroRows, Reused: true)
                : null;
        }
        catch (ArtifactDamagedException)
        {
            await store.DeleteAsync(name, cancellationToken);
            return null;
        }
    }

    /// <summary>The rows of a few inputs, for who only tells of them; null where the statistics are gone, or damaged and so of no use.</summary>
    public static async Task<(StatisticsHeader Header, CountTable Counts)?> FindInputsAsync(IArtifactStore store, string name, int[] inputs, CancellationToken cancellationToken)
    {
        try
        {
            return await StatisticsFile.ReadInputsAsync(store, name, inputs, cancellationToken);
        }
        catch (ArtifactDamagedException)
        {
            return null;
        }
    }

    /// <summary>Writes what was counted of a shard, and gives its totals.</summary>
    public static async Task<ShardTotals> WriteAsync(IArtifactStore store, ShardWork work, StatisticsSum sum, CancellationToken cancellationToken)
    {
        var totals = sum.Totals;
        var labels = work.Subclasses is { } subclasses ? SubclassNames.Of(work.Source.Labels, subclasses.Count) : work.Source.Labels;
        await StatisticsFile.WriteAsync(store, work.StatisticsName, sum, totals, labels, [], cancellationToken);
        return new ShardTotals(labels, [.. totals.ClassRows], [.. totals.ClassMass], totals.ZeroRows, Reused: false);
    }
}
