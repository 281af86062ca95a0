namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>
/// One tile of F, keyed by <c>job/tile</c>: sums it over all shards in shard order, and later turns it into its weights. Pure functions of the
/// store, like a shard's work.
/// </summary>
[Alias("explicit.IReducerGrain")]
public interface IReducerGrain : IGrainWithStringKey
{
    /// <summary>Writes the tile's sum, unless it exists already, and returns the hashes of its format blocks (2^20 cells each).</summary>
    [Alias("Reduce"), ResponseTimeout("12:00:00")]
    Task<TileHashes> ReduceAsync(ReduceWork work, CancellationToken cancellationToken = default);

    /// <summary>Writes the tile's part of the explicit solution and returns its hash.</summary>
    [Alias("Solve"), ResponseTimeout("12:00:00")]
    Task<TileWeights> SolveAsync(SolveWork work, CancellationToken cancellationToken = default);
}
