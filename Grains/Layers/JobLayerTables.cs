using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Layers;

/// <inheritdoc/>
/// <remarks>Those of a job, whose rows the layers learned from.</remarks>
internal sealed class JobLayerTables(SharedArtifacts shared, IArtifactStore store) : ILayerTables
{
    public async Task<(CountTable Counts, LayerMoves? Moves)> CountsAsync(SolvedLayer layer, RowLayout layout, CancellationToken cancellationToken)
    {
        var counts = await MergedTables.LoadAsync(store, layer.Merged, cancellationToken);
        return (counts, await RefinedLayers.LoadAsync(store, layer, LayerMaps.RowsOf(layout, counts), cancellationToken));
    }

    public async Task<Subclasses?> SubclassesAsync(SubclassWork work, RowLayout layout, CancellationToken cancellationToken) =>
        await SubclassCounting.LoadAsync(shared, store, work, layout, cancellationToken);

    public Task<LayerRows> TextsAsync(SolvedLayer layer, CancellationToken cancellationToken) =>
        LayerRows.OfTextsAsync(shared, store, layer.Settings.Text!, layer.Vocabulary!, cancellationToken);
}
