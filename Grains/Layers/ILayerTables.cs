using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Layers;

/// <summary>Where all that a layer's activations are computed from is read: in the store of a job, or beside a published model.</summary>
internal interface ILayerTables
{
    /// <summary>A layer's statistics, and what a refinement moved; null for the explicit solution.</summary>
    Task<(CountTable Counts, LayerMoves? Moves)> CountsAsync(SolvedLayer layer, RowLayout layout, CancellationToken cancellationToken);

    /// <summary>What tells rows that a layer learned from into its sub-classes; null where all rows are new.</summary>
    Task<Subclasses?> SubclassesAsync(SubclassWork work, RowLayout layout, CancellationToken cancellationToken);

    /// <summary>What makes the rows of a layer over texts.</summary>
    Task<LayerRows> TextsAsync(SolvedLayer layer, CancellationToken cancellationToken);
}
