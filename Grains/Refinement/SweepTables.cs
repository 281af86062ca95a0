using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>What workers and reducers of a silo share: the compacted codes and their observed counts.</summary>
internal sealed record SweepTables(RowEncoder Encoder, CodeCompaction Compaction, SweepCounts Counts, double[] LogPrior)
{
    /// <summary>Of a layer of sub-classes; null where targets are labels.</summary>
    public SubclassTargets? Targets { get; init; }

    public static Task<SweepTables> GetAsync(SharedArtifacts shared, IArtifactStore store, SweepWork work, CancellationToken cancellationToken) =>
        shared.GetAsync(
            $"sweeps {work.Merged.Name} {work.Compact}",
            async token =>
            {
                var encoder = await LayerMaps.EncoderAsync(shared, store, work.Layout.Features, work.Layout.Shape(), token);
                var counts = await MergedTables.LoadAsync(store, work.Merged, token);
                var compaction = new CodeCompaction(encoder.Layout, counts, work.Compact);
                return new SweepTables(encoder, compaction, new SweepCounts(compaction, counts), LogPriorOf([.. work.Merged.ClassRows]))
                {
                    Targets = await SubclassTargets.LoadAsync(shared, store, work.Subclasses, work.Merged, encoder.Layout, token),
                };
            },
            cancellationToken);

    /// <summary>log(n_c / N), (C).</summary>
    public static double[] LogPriorOf(long[] classRows)
    {
        var rows = classRows.Sum();
        return [.. classRows.Select(count => SameBits.Log((double)count / rows))];
    }
}
